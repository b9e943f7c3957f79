/** What no answer may hold: places in our code and machine, and what libraries say among themselves. */
const INTERNAL: readonly RegExp[] = [
  /\bat (?:async )?(?:[\w.<>$]+ \()?(?:file:|node:|\/)[^\s]*/,
  /node_modules/,
  /\b[\w/-]+\.[cm]?[jt]s:\d+/,
  /\b(?:ECONN[A-Z]+|ENOENT|EACCES|EPIPE|EISDIR|ENOTDIR|ENOTFOUND|EAI_[A-Z]+|ETIMEDOUT|EMFILE)\b/,
  /\b(?:TypeError|RangeError|ReferenceError|SyntaxError|AssertionError)\b/,
  /(?:^|[\s"'(=])\/(?:home|root|tmp|usr|var|work|proc|opt)\//,
  /\b(?:vips|libvips|VipsJpeg|pngload|webpload|protobufjs|invalid wire type|nghttp2)\b/i,
  /\b(?:SELECT|INSERT|UPDATE|DELETE FROM) .*\b(?:FROM|INTO|SET|WHERE)\b/,
  /\b(?:undefined is not|Cannot read propert|is not a function|is not iterable|Maximum call stack)/,
];

/** Our own words in an answer that are not for callers; text that the caller sent itself does not count. */
export function internalText(
  answer: string,
  sent: string,
  secrets: readonly string[] = [],
): string | undefined {
  for (const secret of secrets) {
    if (answer.includes(secret)) {
      return secret;
    }
  }
  for (const pattern of INTERNAL) {
    const [found] = pattern.exec(answer) ?? [];
    if (found !== undefined && !sent.includes(found.trim())) {
      return found;
    }
  }
  return undefined;
}
