//! Converts colours to sRGB.

use image::DynamicImage;
use moxcms::{ColorProfile, Layout, TransformOptions};

/// Converts the colours of a small image from its profile. Leaves them as they are if the profile cannot be read.
pub(crate) fn to_srgb(image: DynamicImage, profile: Option<&[u8]>) -> DynamicImage {
    let converted = profile.and_then(|profile| {
        let pixels = image.to_rgba8();
        let mut target = pixels.clone();
        convert(profile, &pixels, Layout::Rgba, &mut target)?;
        Some(target.into())
    });
    converted.unwrap_or(image)
}

/// Converts cyan, magenta, yellow and black to red, green and blue.
pub(crate) fn from_print(inks: &[u8], profile: Option<&[u8]>) -> Vec<u8> {
    let (pixels, _) = inks.as_chunks::<4>();
    let mut target = vec![0; 3 * pixels.len()];
    let profile = profile.filter(|profile| is_for_print(profile));
    let converted = profile.and_then(|profile| convert(profile, inks, Layout::Rgb, &mut target));
    if converted.is_none() {
        let (colors, _) = target.as_chunks_mut::<3>();
        for (color, [cyan, magenta, yellow, black]) in colors.iter_mut().zip(pixels) {
            let light = |ink: &u8| {
                let light = u16::from(255 - ink) * u16::from(255 - black) / 255;
                u8::try_from(light).unwrap_or(u8::MAX)
            };
            *color = [light(cyan), light(magenta), light(yellow)];
        }
    }
    target
}

/// Whether a profile defines the colours of four inks.
pub(crate) fn is_for_print(profile: &[u8]) -> bool {
    profile.get(16..20) == Some(b"CMYK")
}

/// Converts pixels of four channels to sRGB.
fn convert(profile: &[u8], source: &[u8], layout: Layout, target: &mut [u8]) -> Option<()> {
    let profile = ColorProfile::new_from_slice(profile).ok()?;
    let (srgb, options) = (ColorProfile::new_srgb(), TransformOptions::default());
    let transform = profile.create_transform_8bit(Layout::Rgba, &srgb, layout, options);
    transform.ok()?.transform(source, target).ok()
}
