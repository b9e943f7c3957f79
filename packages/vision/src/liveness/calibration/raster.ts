import type { Effect } from './layer';
import type { GeneratorParameters } from './parameters';
import type { Random } from './random';

/**
 * A display's pixel raster as a camera samples it: stripes of red, green and blue beside each other and rows above
 * each other, read at the camera's pixels only, so that frequencies above half a cycle fold back as coloured
 * moire. `scale` is camera pixels per layer pixel; a slight bend stands for the lens.
 */
export function screenRaster(parameters: GeneratorParameters, random: Random, scale: number): Effect {
  const frequency = random.between(...parameters.rasterFrequencies) * scale;
  const depth = random.between(...parameters.rasterDepths);
  const rowDepth = depth * random.between(0.2, 1);
  const bend = random.between(-2e-4, 2e-4) * frequency;
  const tilt = random.between(-0.06, 0.06);
  return (value, channel, u, v) => {
    const column = frequency * (u + tilt * v) + bend * u * u + channel / 3;
    const row = frequency * (v - tilt * u) + bend * v * v;
    return value * (1 + depth * Math.cos(2 * Math.PI * column) + rowDepth * Math.cos(2 * Math.PI * row));
  };
}

/** The usual screen angles of red, green and blue's inks (cyan 15, magenta 75, yellow 0 degrees). */
const INK_ANGLES = [15, 75, 0].map((degrees) => (degrees * Math.PI) / 180);

/** Halftone dots of three inks; they show most in the middle tones and not at all in paper white or full black. */
export function halftone(parameters: GeneratorParameters, random: Random, scale: number): Effect {
  const frequency = random.between(...parameters.halftoneFrequencies) * scale;
  const depth = random.between(...parameters.halftoneDepths);
  const turn = random.between(0, Math.PI / 2);
  return (value, channel, u, v) => {
    const angle = turn + (INK_ANGLES[channel] ?? 0);
    const cos = Math.cos(angle) * frequency * 2 * Math.PI;
    const sin = Math.sin(angle) * frequency * 2 * Math.PI;
    const tone = Math.min(1, Math.max(0, value / 255));
    const dots = Math.cos(cos * u + sin * v) + Math.cos(cos * v - sin * u);
    return value + 255 * depth * 2 * tone * (1 - tone) * dots;
  };
}

/** A display's colours: cooler, black lifted by its glow, highlights held back. */
export function screenColours(parameters: GeneratorParameters, random: Random): Effect {
  const cool = random.between(...parameters.coolness);
  const lift = random.between(...parameters.blackLift);
  const gain = random.between(0.75, 1.1);
  const gains = [gain / Math.sqrt(cool), gain, gain * Math.sqrt(cool)];
  return (value, channel) => lift + value * (1 - lift / 255) * (gains[channel] ?? 1);
}

/** Lamps and windows mirrored in glass: soft or sharp patches and a slanted sheen, added to what shines through. */
export function reflections(random: Random, width: number, height: number): Effect {
  const spots = Array.from({ length: random.whole(0, 2) }, () => ({
    u: random.between(0, width),
    v: random.between(0, height),
    size: random.between(0.06, 0.3) * width,
    stretch: random.between(0.4, 2.5),
    light: random.between(30, 170),
    edge: random.between(1, 6),
  }));
  const sheen = random.chance(0.5) ? random.between(8, 45) : 0;
  const slope = random.between(-1, 1);
  const sheenAt = random.between(0.2, 0.8) * width;
  return (value, _channel, u, v) => {
    let light = 0;
    for (const spot of spots) {
      const distance = Math.hypot(u - spot.u, (v - spot.v) * spot.stretch) / spot.size;
      light += spot.light / (1 + distance ** (2 * spot.edge));
    }
    if (sheen > 0) {
      light += sheen / (1 + Math.exp((u + slope * v - sheenAt) / 3));
    }
    return value + light;
  };
}

/** Ink on paper: nothing darker than the ink's black, nothing brighter than the paper, less colour. */
export function printColours(
  parameters: GeneratorParameters,
  random: Random,
  paper: readonly [number, number, number],
): (red: number, green: number, blue: number) => [number, number, number] {
  const black = 10 + random.between(...parameters.blackLift) * 1.3;
  const saturation = random.between(...parameters.inkSaturation);
  return (red, green, blue) => {
    const grey = 0.299 * red + 0.587 * green + 0.114 * blue;
    const ink = (value: number, white: number): number =>
      black + ((grey + (value - grey) * saturation) / 255) * (white - black);
    return [ink(red, paper[0]), ink(green, paper[1]), ink(blue, paper[2])];
  };
}

/** Light along a bent sheet: bright on its ridge, dimmer where it turns away. */
export function curl(random: Random, width: number, height: number): Effect {
  const depth = random.between(0, 0.35);
  const angle = random.between(0, Math.PI);
  const waves = random.between(0.3, 1.1);
  const phase = random.between(0, 2 * Math.PI);
  const cos = Math.cos(angle) / width;
  const sin = Math.sin(angle) / height;
  return (value, _channel, u, v) =>
    value * (1 - depth / 2 + (depth / 2) * Math.cos(2 * Math.PI * waves * (u * cos + v * sin) + phase));
}
