import type { VerificationFailure } from '../../../domain/statement.ts';

/** Mengapa stasiun menolak persetujuan, permohonan, atau buku. */
const verification: Record<VerificationFailure, string> = {
  malformed: 'Persetujuan rusak.',
  'unsupported-alg': 'Cara penandatanganan persetujuan tidak diizinkan.',
  'unknown-key': 'Kunci persetujuan tidak dikenal di sini.',
  'wrong-key-use': 'Kunci persetujuan bukan untuk persetujuan.',
  'bad-signature': 'Tanda tangan persetujuan salah.',
  'wrong-audience': 'Persetujuan untuk kantor atau stasiun lain.',
  'superseded-bundle': 'Berkas kepercayaan sudah lama: pusat harus mengirim yang baru.',
  revoked: 'Persetujuan telah dicabut.',
  'clock-untrusted': 'Waktu stasiun harus dipastikan dahulu.',
  'not-yet-valid': 'Persetujuan belum berlaku.',
  expired: 'Persetujuan sudah kedaluwarsa.',
  'already-used': 'Persetujuan sudah dipakai.',
  'wrong-replaces': 'Persetujuan menggantikan persetujuan lain, bukan yang habis terpakai di sini.',
  'record-mismatch': 'Persetujuan untuk data lain.',
  'booklet-mismatch': 'Persetujuan menyebut buku lain.',
};
export const refusal: Record<string, string> = {
  ...verification,
  'PST-401': 'Permohonan tidak ada di sini.',
  'PST-418': 'Keluarga ini hanya dilepas bersama.',
  'device-not-empty': 'Printer mungkin masih menyimpan halaman.',
  'read-back-differs': 'Baca ulang buku ini berbeda.',
  'printer-busy': 'Ada buku lain di printer ini.',
  'booklet-bound': 'Buku terikat pada permohonan lain.',
  'booklet-good': 'Buku sudah dicetak.',
  'booklet-spoiled': 'Buku rusak cetak.',
  'booklet-in-doubt': 'Buku belum pasti.',
  'booklet-returned': 'Buku sudah dikirim kembali.',
  'booklet-missing': 'Buku dilaporkan hilang.',
  'booklet-destroyed': 'Buku sudah dimusnahkan.',
};
