//! A picture with the structure of a photograph: large areas, edges, texture of all sizes, and noise.

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

/// A pseudorandom number from 0 to 1 for a place.
fn random(x: u32, y: u32, seed: u32) -> f32 {
    let mut bits =
        x.wrapping_mul(0x9E37_79B1) ^ y.wrapping_mul(0x85EB_CA77) ^ seed.wrapping_mul(0xC2B2_AE3D);
    bits ^= bits >> 15;
    bits = bits.wrapping_mul(0x2C1B_3C6D);
    bits ^= bits >> 12;
    bits = bits.wrapping_mul(0x297A_2D39);
    bits ^= bits >> 15;
    f32::from(u16::try_from(bits & 0xFFFF).unwrap_or_default()) / 65535.0
}

/// Pseudorandom numbers at whole places, and a smooth course between them.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "places are small and positive"
)]
fn smooth(x: f32, y: f32, seed: u32) -> f32 {
    let ease = |part: f32| part * part * (3.0 - 2.0 * part);
    let (across, down) = (ease(x.fract()), ease(y.fract()));
    let row = |below: u32| {
        let (left, top) = (x as u32, y as u32 + below);
        let (start, end) = (random(left, top, seed), random(left + 1, top, seed));
        start + (end - start) * across
    };
    row(0) + (row(1) - row(0)) * down
}

fn texture(x: f32, y: f32) -> f32 {
    let (mut sum, mut strength, mut detail) = (0.0, 0.5, 4.0);
    for octave in 0..9 {
        sum += strength * smooth(x * detail, y * detail, octave);
        strength *= 0.56;
        detail *= 2.0;
    }
    sum
}

/// A baseline JPEG with halved chroma.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "channels are clamped"
)]
pub(crate) fn jpeg(width: u16, height: u16) -> Vec<u8> {
    let mut pixels = Vec::with_capacity(usize::from(width) * usize::from(height) * 3);
    for y in 0..height {
        for x in 0..width {
            let (left, top) = (
                f32::from(x) / f32::from(width),
                f32::from(y) / f32::from(width),
            );
            let grain =
                (random(x.into(), y.into(), 5) + random(x.into(), y.into(), 6) - 1.0) * 0.06;
            let light = texture(left, top) + grain;
            let edge = if smooth(left * 9.0, top * 9.0, 77) > 0.55 {
                1.0
            } else {
                0.0
            };
            let tint = smooth(left * 3.0, top * 3.0, 99);
            let red = light * 150.0 + edge * 30.0 + tint * 60.0;
            let green = light * 170.0 + edge * 15.0 + 20.0;
            let blue = light * 120.0 + (1.0 - tint) * 90.0;
            pixels.extend([red, green, blue].map(|part| part.clamp(0.0, 255.0) as u8));
        }
    }
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, 90);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encoder
        .encode(&pixels, width, height, ColorType::Rgb)
        .unwrap();
    file
}
