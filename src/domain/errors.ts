/**
 * Every coded error of the project. A code never changes its meaning and is never used again for another one.
 * `PST-1xx` record and page, `2xx` statements and trust, `3xx` journal, `4xx` jobs, booklets and people,
 * `5xx` printers, `6xx` HTTP, `7xx` configuration and command line, `8xx` the centre.
 */

interface CodedText {
  /** What is wrong, in a few words. */
  readonly title: string;
  /** What to do about it. */
  readonly remedy: string;
}

export interface ErrorDefinition {
  /** HTTP status when it leaves through the API. */
  readonly status: number;
  readonly en: CodedText;
  readonly id: CodedText;
}

const define = (
  status: number,
  enTitle: string,
  enRemedy: string,
  idTitle: string,
  idRemedy: string,
): ErrorDefinition => ({
  status,
  en: { title: enTitle, remedy: enRemedy },
  id: { title: idTitle, remedy: idRemedy },
});

export const ERRORS = {
  // 1xx record and page
  'PST-101': define(
    400,
    'The record is not acceptable',
    'Correct the record at the paths named and hand it in again.',
    'Data permohonan tidak dapat diterima',
    'Perbaiki data pada bagian yang disebut, lalu ajukan kembali.',
  ),
  'PST-102': define(
    400,
    'The record does not belong at this kind of station',
    'Hand specimen records (issuing State UTO) in at a simulated station, and real ones at a real station.',
    'Data permohonan tidak sesuai dengan jenis stasiun ini',
    'Ajukan data spesimen (negara penerbit UTO) di stasiun simulasi, dan data asli di stasiun sebenarnya.',
  ),

  // 120-139 the page
  'PST-120': define(
    400,
    'The portrait or the signature cannot be printed',
    'Take or export the picture again (JPEG or PNG, upright, grey or RGB) and hand the record in again.',
    'Foto atau tanda tangan tidak dapat dicetak',
    'Ambil atau ekspor ulang gambarnya (JPEG atau PNG, tegak, abu-abu atau RGB), lalu ajukan kembali data permohonan.',
  ),
  'PST-121': define(
    400,
    'A character cannot be printed',
    'Replace the character named at the path and hand the record in again.',
    'Ada karakter yang tidak dapat dicetak',
    'Ganti karakter pada bagian yang disebut, lalu ajukan kembali data permohonan.',
  ),
  'PST-122': define(
    400,
    'A value is too long for its place on the data page',
    'Shorten the value at the path named by the rules for long names and hand the record in again.',
    'Isian terlalu panjang untuk tempatnya di halaman identitas',
    'Persingkat isian pada bagian yang disebut sesuai aturan nama panjang, lalu ajukan kembali data permohonan.',
  ),
  'PST-123': define(
    400,
    'The page template has no name for the issuing State',
    'Check the State code in the record; another State needs a page template of its own.',
    'Templat halaman tidak memuat nama negara penerbit',
    'Periksa kode negara pada data permohonan; negara lain memerlukan templat halaman tersendiri.',
  ),
  'PST-124': define(
    500,
    'The data page could not be made',
    'Do not print. Save a readiness report and call support.',
    'Halaman identitas tidak dapat dibuat',
    'Jangan mencetak. Simpan laporan kesiapan dan hubungi dukungan teknis.',
  ),

  // 2xx statements and trust
  'PST-201': define(
    409,
    'The statement is refused',
    'Look at the reason. Ask the centre for a good statement; do not correct this one.',
    'Pernyataan pusat ditolak',
    'Lihat alasannya. Mintalah pernyataan yang benar kepada pusat; jangan memperbaiki yang ini.',
  ),
  'PST-202': define(
    409,
    'No approval fits this print',
    'Look at the reason. Nothing prints until the centre has approved exactly this record.',
    'Tidak ada persetujuan yang sesuai untuk pencetakan ini',
    'Lihat alasannya. Tidak ada yang dicetak sampai pusat menyetujui tepat data ini.',
  ),
  'PST-203': define(
    409,
    'Two different statements carry the same number',
    'Report this to the centre at once with both texts: one of them may be forged.',
    'Dua pernyataan berbeda memakai nomor yang sama',
    'Segera laporkan kepada pusat beserta kedua teksnya: salah satunya mungkin palsu.',
  ),
  'PST-204': define(
    409,
    'The trust bundle is refused',
    'The bundle in force stays. Ask the centre for one that follows it and is signed by enough roots.',
    'Bundel kepercayaan ditolak',
    'Bundel yang berlaku tetap dipakai. Mintalah kepada pusat bundel lanjutan yang ditandatangani cukup kunci akar.',
  ),
  'PST-205': define(
    503,
    'No trust bundle is in force',
    'Let the station reach the centre, or import the bundle from a file.',
    'Belum ada bundel kepercayaan yang berlaku',
    'Hubungkan stasiun dengan pusat, atau impor bundel dari berkas.',
  ),
  'PST-206': define(
    400,
    'The file of pinned roots cannot be used',
    'Fetch the file again from the centre by a way that you trust; every key in it must be good.',
    'Berkas kunci akar tidak dapat dipakai',
    'Ambil kembali berkas dari pusat melalui jalur tepercaya; setiap kunci di dalamnya harus baik.',
  ),
  'PST-207': define(
    409,
    'The time is not known well enough',
    'Wait for the centre to confirm the time, or let two people attest it.',
    'Waktu belum diketahui dengan pasti',
    'Tunggu pusat mengonfirmasi waktu, atau minta dua orang mengesahkannya.',
  ),
  'PST-208': define(
    409,
    'The attested time contradicts what the centre has signed',
    'Check the date and time; it cannot be earlier than the latest statement of the centre.',
    'Waktu yang disahkan bertentangan dengan pernyataan pusat',
    'Periksa tanggal dan jam; tidak boleh lebih awal dari pernyataan terakhir pusat.',
  ),
  'PST-209': define(
    409,
    'The limit for printing without the centre is reached',
    'Let the station reach the centre, or import a fresh trust bundle. Intake goes on meanwhile.',
    'Batas pencetakan tanpa pusat telah tercapai',
    'Hubungkan stasiun dengan pusat, atau impor bundel kepercayaan baru. Penerimaan berkas tetap berjalan.',
  ),
  'PST-210': define(
    500,
    'The key of this station cannot be opened',
    'Restore the key file from the backup; without it nothing can be reported.',
    'Kunci stasiun ini tidak dapat dibuka',
    'Pulihkan berkas kunci dari cadangan; tanpa kunci itu tidak ada yang dapat dilaporkan.',
  ),

  // 3xx journal
  'PST-301': define(
    409,
    'Another service already works on this data directory',
    'Stop the other service first, or use another data directory.',
    'Layanan lain sedang memakai direktori data ini',
    'Hentikan layanan itu dahulu, atau pakai direktori data lain.',
  ),
  'PST-302': define(
    500,
    'The journal was written by a newer program',
    'Install the newer version of the station; do not go back to an older one.',
    'Jurnal ditulis oleh versi program yang lebih baru',
    'Pasang versi stasiun yang lebih baru; jangan kembali ke versi lama.',
  ),
  'PST-303': define(
    500,
    'The journal cannot be kept safe on this machine',
    'Give the detail to support; nothing is printed until it is mended.',
    'Jurnal tidak dapat dijamin aman di mesin ini',
    'Sampaikan rinciannya ke bagian dukungan; pencetakan berhenti sampai diperbaiki.',
  ),
  'PST-304': define(
    503,
    'The journal cannot be written',
    'Free disk space or mend the disk, then start the station again. What was acknowledged is kept.',
    'Jurnal tidak dapat ditulis',
    'Kosongkan ruang disk atau perbaiki disk, lalu jalankan stasiun lagi. Yang sudah dikonfirmasi tetap tersimpan.',
  ),
  'PST-305': define(
    409,
    'This step is not allowed for the job as it stands',
    'Look at the state of the job; it may have been changed by somebody else just now.',
    'Langkah ini tidak diizinkan untuk keadaan permohonan sekarang',
    'Periksa keadaan permohonan; mungkin baru saja diubah orang lain.',
  ),

  // 4xx jobs, booklets, people
  'PST-401': define(
    404,
    'There is no such job',
    'Check the number, or look it up in the queue.',
    'Permohonan tidak ditemukan',
    'Periksa nomornya, atau cari di antrean.',
  ),
  'PST-402': define(
    409,
    'A job for this application is already here with other data',
    'Cancel the job that is here first, or hand in exactly the same record.',
    'Permohonan ini sudah ada dengan data lain',
    'Batalkan dulu permohonan yang ada, atau ajukan data yang persis sama.',
  ),
  'PST-403': define(
    409,
    'This job cannot be bound now',
    'See the reason; bind only released jobs with a valid approval to a free booklet.',
    'Permohonan belum dapat dipasangkan',
    'Lihat alasannya; hanya permohonan yang sudah dirilis dengan persetujuan sah dan buku kosong yang dapat dipasangkan.',
  ),
  'PST-404': define(
    404,
    'There is no such booklet in this station',
    'Check the number on the book. A supervisor enters deliveries.',
    'Buku tidak ada di stasiun ini',
    'Periksa nomor pada buku. Penyelia memasukkan penerimaan buku.',
  ),
  'PST-405': define(
    409,
    'This booklet is not a free blank',
    'Take another booklet and lay this one aside for the supervisor.',
    'Buku ini bukan blanko bebas',
    'Ambil buku lain dan sisihkan buku ini untuk penyelia.',
  ),
  'PST-406': define(
    404,
    'There is no such attempt',
    'Reload the page.',
    'Percobaan cetak tidak ditemukan',
    'Muat ulang halaman.',
  ),
  'PST-407': define(
    409,
    'This attempt does not wait for that',
    'Reload the page and see how the attempt stands.',
    'Percobaan cetak ini tidak menunggu langkah itu',
    'Muat ulang halaman dan lihat keadaannya.',
  ),
  'PST-408': define(
    403,
    'You may not do this',
    'Ask a person who has the role for it.',
    'Anda tidak berwenang melakukan ini',
    'Minta petugas yang memiliki peran tersebut.',
  ),
  'PST-409': define(
    403,
    'This needs two different people',
    'A second person must sign in for it: somebody else than the first, and one of the two a supervisor.',
    'Perlu dua orang yang berbeda',
    'Orang kedua harus masuk untuk ini: bukan orang pertama, dan salah satunya penyelia.',
  ),
  'PST-410': define(
    404,
    'There is no such open sign-off',
    'It may have been signed, withdrawn or expired. Start the act again if it is still needed.',
    'Persetujuan dua orang ini tidak terbuka',
    'Mungkin sudah ditandatangani, ditarik, atau kedaluwarsa. Mulai lagi bila masih perlu.',
  ),
  'PST-411': define(
    409,
    'These booklet numbers cannot be received',
    'Check the first and last number; a number enters only once.',
    'Nomor buku ini tidak dapat diterima',
    'Periksa nomor pertama dan terakhir; satu nomor hanya boleh masuk sekali.',
  ),
  'PST-412': define(
    403,
    'Another person must do the quality check',
    'The person who printed a book does not check it.',
    'Uji kualitas harus oleh orang lain',
    'Petugas yang mencetak tidak boleh menguji bukunya sendiri.',
  ),
  'PST-413': define(
    401,
    'Name or PIN is wrong',
    'Try again; after five wrong PINs sign-in pauses.',
    'Nama atau PIN salah',
    'Coba lagi; setelah lima kali salah, masuk akan dijeda.',
  ),
  'PST-414': define(
    429,
    'Sign-in is paused after wrong PINs',
    'Wait until the time given, then try again.',
    'Masuk dijeda karena PIN salah',
    'Tunggu sampai waktu yang diberikan, lalu coba lagi.',
  ),
  'PST-415': define(
    409,
    'A person of this name exists already',
    'Choose another name, or disable the old one.',
    'Nama ini sudah ada',
    'Pilih nama lain, atau nonaktifkan yang lama.',
  ),
  'PST-416': define(
    400,
    'The PIN is too weak',
    'Choose 6 to 12 digits, not one digit repeated and not a run such as 123456.',
    'PIN terlalu lemah',
    'Pilih 6 sampai 12 angka, bukan angka berulang dan bukan urutan seperti 123456.',
  ),
  'PST-417': define(
    409,
    'The blank cannot be re-armed yet',
    'First the printer must be shown to hold nothing of the page: let it reconnect, or switch it off and on and confirm that.',
    'Buku kosong belum dapat dipakai lagi',
    'Printer harus terbukti tidak menyimpan halaman itu: biarkan tersambung ulang, atau matikan-nyalakan lalu konfirmasi.',
  ),
  'PST-418': define(
    409,
    'This family is released together only',
    'Wait until every member is approved, or change the policy of the family.',
    'Keluarga ini hanya dirilis bersama',
    'Tunggu sampai semua anggota disetujui, atau ubah kebijakan keluarga.',
  ),
  'PST-419': define(
    404,
    'There is no such family',
    'Check the family id.',
    'Keluarga tidak ditemukan',
    'Periksa id keluarga.',
  ),
  'PST-420': define(
    404,
    'There is no such person',
    'Check the name with `user list`.',
    'Orang tidak ditemukan',
    'Periksa namanya dengan `user list`.',
  ),
  'PST-421': define(
    410,
    'The personal data of this job were erased',
    'Nothing to do: they are kept only until the retention time has passed.',
    'Data pribadi permohonan ini sudah dihapus',
    'Tidak perlu tindakan: data hanya disimpan sampai masa simpannya lewat.',
  ),

  // 5xx printers
  'PST-501': define(
    404,
    'There is no such printer',
    'Check the printer id in the configuration.',
    'Printer tidak ditemukan',
    'Periksa id printer pada konfigurasi.',
  ),
  'PST-502': define(
    409,
    'The printer cannot do that now',
    'See what the printer waits for on the counter screen.',
    'Printer belum dapat melakukan itu',
    'Lihat apa yang ditunggu printer di layar loket.',
  ),
  'PST-503': define(
    409,
    'The printer is locked by a doubtful print',
    'Settle the doubtful print first.',
    'Printer dikunci karena cetakan meragukan',
    'Selesaikan dahulu cetakan yang meragukan.',
  ),
  'PST-504': define(
    409,
    'The printer does not ask for that step',
    'Do only the steps that the counter screen asks for.',
    'Printer tidak meminta langkah itu',
    'Lakukan hanya langkah yang diminta di layar loket.',
  ),
  'PST-505': define(
    409,
    'This binding is not the one at the printer',
    'Reload the page and see which book is bound.',
    'Pasangan ini bukan yang ada di printer',
    'Muat ulang halaman dan lihat buku yang terpasang.',
  ),

  // 6xx HTTP
  'PST-601': define(
    400,
    'The request is not as described',
    'Correct the fields named; the API is described at /api/docs.',
    'Permintaan tidak sesuai uraian',
    'Perbaiki bagian yang disebut; uraian API ada di /api/docs.',
  ),
  'PST-602': define(
    404,
    'There is nothing at this address',
    'Check the address and the method.',
    'Tidak ada apa pun di alamat ini',
    'Periksa alamat dan metodenya.',
  ),
  'PST-603': define(401, 'You are not signed in', 'Sign in again.', 'Anda belum masuk', 'Masuk kembali.'),
  'PST-604': define(
    403,
    "This request did not come from the station's own page",
    'Open the address that the station printed at its start.',
    'Permintaan bukan dari halaman stasiun sendiri',
    'Buka alamat yang dicetak stasiun saat mulai.',
  ),
  'PST-605': define(
    413,
    'The body is too large',
    'A record has at most 2 MiB; send less.',
    'Isi permintaan terlalu besar',
    'Data permohonan paling besar 2 MiB; kirim lebih kecil.',
  ),
  'PST-606': define(
    422,
    'This Idempotency-Key was used for another request',
    'Use a new key for a new request.',
    'Idempotency-Key sudah dipakai untuk permintaan lain',
    'Pakai kunci baru untuk permintaan baru.',
  ),
  'PST-607': define(
    415,
    'This call does not take that kind of body',
    'Send JSON with the content type application/json; statements also as text/plain.',
    'Permintaan ini tidak menerima jenis isi tersebut',
    'Kirim JSON dengan tipe isi application/json; pernyataan boleh juga sebagai text/plain.',
  ),
  'PST-699': define(
    500,
    'Something unexpected happened',
    'Nothing was acknowledged. Try again; if it stays, give the time to support.',
    'Terjadi hal tak terduga',
    'Tidak ada yang dikonfirmasi. Coba lagi; bila tetap, sampaikan waktunya ke dukungan.',
  ),

  // 7xx configuration and command line
  'PST-701': define(
    500,
    'The configuration is not acceptable',
    'Correct the file at the places named, then run `config check` again.',
    'Konfigurasi tidak dapat diterima',
    'Perbaiki berkas pada bagian yang disebut, lalu jalankan `config check` lagi.',
  ),
  'PST-702': define(
    500,
    'The configuration file cannot be read',
    'Check the path after `-c` and that the file may be read by the user of the service.',
    'Berkas konfigurasi tidak dapat dibaca',
    'Periksa jalur setelah `-c` dan izin baca bagi pengguna layanan.',
  ),
  'PST-703': define(
    400,
    'The command was not understood',
    'See `passport-station help` for the commands and their options.',
    'Perintah tidak dipahami',
    'Lihat `passport-station help` untuk daftar perintah dan pilihannya.',
  ),
  'PST-704': define(
    500,
    'Node 24 or newer is needed and was not found',
    'Run `npm install` again with install scripts allowed for the package `node`, or start with a Node of version 24 or newer.',
    'Diperlukan Node 24 atau lebih baru, tetapi tidak ditemukan',
    'Jalankan `npm install` lagi dengan skrip pemasangan paket `node` diizinkan, atau pakai Node versi 24 ke atas.',
  ),
  'PST-705': define(
    500,
    "The station's own key cannot be used",
    'Restore `keys/station.pem` from the backup. Do not delete it: a new key must be enrolled at the centre first.',
    'Kunci milik stasiun tidak dapat dipakai',
    'Pulihkan `keys/station.pem` dari cadangan. Jangan dihapus: kunci baru harus didaftarkan dahulu di pusat.',
  ),
  'PST-707': define(
    400,
    'The file of pinned trust roots cannot be used',
    'Get the file from the centre again and check trust.roots in the configuration.',
    'Berkas akar kepercayaan tidak dapat dipakai',
    'Minta kembali berkas itu dari pusat dan periksa trust.roots pada konfigurasi.',
  ),
  'PST-708': define(
    500,
    'The station cannot listen at its address',
    'Another program may use the port: end it, or change listen in the configuration.',
    'Stasiun tidak dapat membuka alamatnya',
    'Program lain mungkin memakai port itu: hentikan, atau ubah listen pada konfigurasi.',
  ),
  'PST-706': define(
    500,
    'Something failed that the program did not expect',
    'Nothing that was acknowledged is lost. Start again; if it comes back, give the detail to support.',
    'Terjadi kegagalan yang tidak terduga',
    'Yang sudah dikonfirmasi tidak hilang. Jalankan lagi; bila terulang, sampaikan rinciannya ke bagian dukungan.',
  ),
  'PST-709': define(
    500,
    'The simulator cannot be started there',
    'Choose another port, path or mount; pseudo terminals need the package `@lydell/node-pty`.',
    'Simulator tidak dapat dijalankan di sana',
    'Pilih port, jalur, atau sambungan lain; terminal semu memerlukan paket `@lydell/node-pty`.',
  ),

  'PST-710': define(
    503,
    'The running service gave no answer',
    'See with `status` or `user list` whether it was done, then repeat it as the user of the service; nothing is done twice.',
    'Layanan yang sedang berjalan tidak menjawab',
    'Periksa dengan `status` atau `user list` apakah sudah terlaksana, lalu ulangi sebagai pengguna layanan; tidak ada yang dijalankan dua kali.',
  ),
  'PST-711': define(
    500,
    'The control socket cannot be opened',
    'Give `data` a shorter path, and remove what stands in the way of `control.sock` in it.',
    'Soket kendali tidak dapat dibuka',
    'Pakai jalur `data` yang lebih pendek, dan singkirkan yang menghalangi `control.sock` di dalamnya.',
  ),
  'PST-712': define(
    500,
    'A file cannot be read or written',
    'Check the path, the rights of the file and the space that is left.',
    'Berkas tidak dapat dibaca atau ditulis',
    'Periksa jalur, hak akses berkas, dan sisa ruang penyimpanan.',
  ),
  'PST-713': define(
    500,
    'The journal does not give what the station works with',
    'Stop printing, keep a copy of the data directory and call support with the differences named.',
    'Jurnal tidak sesuai dengan data kerja stasiun',
    'Hentikan pencetakan, simpan salinan direktori data, lalu hubungi dukungan dengan perbedaan yang disebut.',
  ),

  // 8xx the centre
  'PST-801': define(
    503,
    'The centre cannot be reached',
    'Go on working; the station keeps trying. If it lasts, check the network, and bring approvals by file.',
    'Pusat tidak dapat dihubungi',
    'Lanjutkan pekerjaan; stasiun terus mencoba. Bila berlarut, periksa jaringan dan bawa persetujuan lewat berkas.',
  ),
  'PST-802': define(
    502,
    'The centre does not accept this station',
    "Check the station's clock, and have the output of `identity --json` enrolled at the centre.",
    'Pusat tidak menerima stasiun ini',
    'Periksa jam stasiun, dan minta pusat mendaftarkan keluaran `identity --json`.',
  ),
  'PST-803': define(
    502,
    "The centre's answer cannot be used",
    'Check that `central.url` leads to the centre and not to a proxy or a sign-in page; else tell the centre.',
    'Jawaban pusat tidak dapat dipakai',
    'Pastikan `central.url` menuju pusat, bukan proksi atau halaman masuk jaringan; bila benar, beri tahu pusat.',
  ),
  'PST-804': define(
    503,
    'The centre is busy or out of order',
    'Go on working; the station asks again when the centre allows it.',
    'Pusat sedang sibuk atau terganggu',
    'Lanjutkan pekerjaan; stasiun bertanya lagi bila pusat mengizinkan.',
  ),
} as const satisfies Record<`PST-${number}`, ErrorDefinition>;

export type ErrorCode = keyof typeof ERRORS;

/** One field that is wrong: where, and why. `path` is a JSON path such as `holder.dateOfBirth`, `''` for the whole. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** A refusal as a value. `detail` never carries personal data: it may be logged. */
export interface Problem {
  readonly code: ErrorCode;
  readonly detail: string;
  /** The verification or binding reason where one refused, for example `expired`. */
  readonly reason?: string;
  readonly errors?: readonly FieldError[];
}

export const problem = (
  code: ErrorCode,
  detail: string,
  more: { reason?: string; errors?: readonly FieldError[] } = {},
): Problem => ({ code, detail, ...more });

/** Carries a problem through code that can only throw, such as a transaction that must roll back. */
export class Refusal extends Error {
  readonly problem: Problem;
  constructor(refused: Problem) {
    super(`${refused.code}: ${refused.detail}`);
    this.name = 'Refusal';
    this.problem = refused;
  }
}
