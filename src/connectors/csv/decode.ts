/**
 * A text file's characters, whatever program saved it: UTF-8 and UTF-16 by their mark, UTF-16 without one by its zero bytes, else
 * UTF-8 if it is that without a fault, else Windows-1252, in which Excel saves "CSV" in Australia.
 */
export function decoded(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  const zeros = zerosIn(bytes.subarray(0, 400));
  if (zeros.odd > 20 && zeros.even === 0) return new TextDecoder('utf-16le').decode(bytes);
  if (zeros.even > 20 && zeros.odd === 0) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

function zerosIn(bytes: Uint8Array): { readonly even: number; readonly odd: number } {
  const places = [...bytes.entries()].filter(([, byte]) => byte === 0).map(([place]) => place);
  const odd = places.filter((place) => place % 2 === 1).length;
  return { even: places.length - odd, odd };
}
