import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

const BLOCK = 8 * 1024 * 1024;

/** The SHA-256 of a file, in hexadecimal, read block by block. `progress` hears of the bytes that were read. */
export async function digestOf(file: Blob, progress: (read: number) => void): Promise<string> {
  const hash = sha256.create();
  for (let start = 0; start < file.size; start += BLOCK) {
    const block = await file.slice(start, start + BLOCK).arrayBuffer();
    hash.update(new Uint8Array(block));
    progress(start + block.byteLength);
  }
  return bytesToHex(hash.digest());
}
