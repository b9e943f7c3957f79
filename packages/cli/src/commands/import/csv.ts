/** The records of a text of comma-separated values (RFC 4180), each with the number of the line that it begins on. */
export function* csvRecords(text: string): Generator<{ line: number; fields: string[] }, void, void> {
  let fields: string[] = [];
  let line = 1;
  let begun = 1;
  // One field, quoted or not, and what ends it.
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (match === null) {
      throw new SyntaxError(`line ${line}: quotes in the middle of a field, or that do not end`);
    }
    const [whole, quoted, plain = '', end] = match;
    fields.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    line += whole.split('\n').length - 1;
    if (end !== ',') {
      if (fields.length > 1 || fields[0] !== '') {
        yield { line: begun, fields };
      }
      fields = [];
      begun = line;
    }
  }
  if (fields.length > 0) {
    yield { line: begun, fields: [...fields, ''] };
  }
}
