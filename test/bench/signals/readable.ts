/** A value with its unit, as Grafana writes it. */
export function readable(value: number, unit: string): string {
  switch (unit) {
    case 's':
      return value !== 0 && value < 1 ? `${short(value * 1_000)} ms` : `${short(value)} s`;
    case 'bytes':
      return `${short(value / 1_048_576)} MiB`;
    case 'percentunit':
      return `${short(value * 100)} %`;
    case 'currencyUSD':
      return `$${value.toPrecision(3)}`;
    case 'reqps':
    case 'ops':
      return `${short(value)}/s`;
    default:
      return short(value);
  }
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
