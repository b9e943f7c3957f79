import { type Colour, colour, type Random, SCENE } from './scene';

/** Scenes drawn as SVG: what a detector may take for eyes, mouths, heads. */
export const DRAWINGS: Readonly<Record<string, (random: Random) => string>> = {
  buttons: (random) => shapes(random, 40, () => ellipse(random, skin(random), 4, 60)),
  leaves: (random) => shapes(random, 900, () => ellipse(random, green(random), 3, 16)),
  windows: (random) => shapes(random, 12, () => building(random)),
  lettering: (random) => shapes(random, 24, () => line(random)),
  rings: (random) => shapes(random, 30, () => ring(random)),
};

function shapes(random: Random, count: number, shape: () => string): string {
  const background = `<rect width="100%" height="100%" fill="${css(colour(random))}"/>`;
  const parts = Array.from({ length: count }, shape).join('');
  const { width, height } = SCENE;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${background}${parts}</svg>`;
}

function ellipse(random: Random, fill: string, least: number, most: number): string {
  const radius = (): number => least + random() * (most - least);
  const [x, y] = [random() * SCENE.width, random() * SCENE.height];
  const turn = `rotate(${random() * 180} ${x} ${y})`;
  return `<ellipse cx="${x}" cy="${y}" rx="${radius()}" ry="${radius()}" fill="${fill}" transform="${turn}"/>`;
}

function ring(random: Random): string {
  const stroke = css(colour(random));
  const [x, y] = [random() * SCENE.width, random() * SCENE.height];
  const radius = 5 + random() * 60;
  return `<circle cx="${x}" cy="${y}" r="${radius}" fill="none" stroke="${stroke}" stroke-width="${1 + random() * 12}"/>`;
}

function building(random: Random): string {
  const [x, y] = [random() * SCENE.width, random() * SCENE.height * 0.7];
  const step = 8 + random() * 24;
  const windows = Array.from({ length: 48 }, (_, i) => {
    const side = step * 0.6;
    const [left, top] = [x + (i % 6) * step + step * 0.2, y + Math.floor(i / 6) * step + step * 0.2];
    return `<rect x="${left}" y="${top}" width="${side}" height="${side}" fill="${random() < 0.3 ? '#fe9' : '#234'}"/>`;
  });
  const wall = css(colour(random));
  return `<rect x="${x}" y="${y}" width="${step * 6.2}" height="${step * 8.2}" fill="${wall}"/>${windows.join('')}`;
}

function line(random: Random): string {
  const letters = Array.from({ length: 14 }, () => String.fromCharCode(33 + Math.floor(random() * 90)));
  const text = letters.map((letter) => `&#${letter.charCodeAt(0)};`).join('');
  const size = 8 + random() * 50;
  const [x, y] = [random() * SCENE.width * 0.7, random() * SCENE.height];
  return `<text x="${x}" y="${y}" font-family="sans-serif" font-size="${size}" fill="${css(colour(random))}">${text}</text>`;
}

function skin(random: Random): string {
  const light = 0.4 + random() * 0.6;
  return css([225 * light, 172 * light, 140 * light]);
}

function green(random: Random): string {
  const light = 0.3 + random() * 0.7;
  return css([90 * light, 160 * light, 60 * light]);
}

function css(rgb: Colour): string {
  return `rgb(${rgb.map((value) => Math.round(value)).join(',')})`;
}
