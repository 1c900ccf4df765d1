// Makes renditions with sharp. Each line of the input has a file, a width and a target.
import { createInterface } from 'node:readline';
import { readFile, writeFile } from 'node:fs/promises';
import sharp from 'sharp';

sharp.cache(false);
for await (const line of createInterface({ input: process.stdin })) {
  const [path, width, target] = line.split('\t');
  const file = await readFile(path);
  const start = performance.now();
  const made = await sharp(file).rotate().resize({ width: Number(width) }).webp({ quality: 80 }).toBuffer();
  const time = performance.now() - start;
  await writeFile(target, made);
  console.log(time.toFixed(2));
}
