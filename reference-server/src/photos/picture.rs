//! From the bytes that somebody sent to two JPEGs of ours: the type is read from the content, the bounds are checked
//! before anything is decoded, and only pixels survive, no position, no serial number, no hidden file.

use std::io::{BufRead, Cursor, Seek};

use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits, RgbImage};

use crate::ui::Lang;

/// A photo's pixels at most, 40 megapixels: 120 MB decoded.
pub const PIXELS_MAX: u64 = 40_000_000;
/// One side at most.
const SIDE_PIXELS_MAX: u32 = 16_000;
/// What a decoder may take for itself.
const DECODER_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// The longer side on the room's page.
const LARGE_PIXELS: u32 = 1_600;
/// The longer side on a list.
const SMALL_PIXELS: u32 = 640;
/// Of 100: the eye sees no difference on a phone, and a third of the bytes go over the network.
const JPEG_QUALITY: u8 = 80;

/// How large a picture is, so that a page can leave room for it before it is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pixels {
    /// From left to right.
    pub width: u32,
    /// From top to bottom.
    pub height: u32,
}

/// Why a file is no picture for us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// Something else, whatever it is called.
    #[error("{}", t!("wrong-picture"))]
    Unsupported,
    /// Small as a file, and a bomb once it is decoded.
    #[error("{}", t!("wrong-picture-pixels", max = Lang::current().digits(PIXELS_MAX / 1_000_000)))]
    TooManyPixels,
    /// Truncated or corrupt.
    #[error("{}", t!("wrong-picture-damaged"))]
    Damaged,
}

/// A photo in both sizes, as JPEG.
pub(super) struct Rendered {
    pub(super) large: Vec<u8>,
    pub(super) small: Vec<u8>,
}

/// Decodes and writes anew. Takes a core for a while.
pub(super) fn render(file: &[u8]) -> Result<Rendered, PictureError> {
    let picture = decode(file)?;
    let large = within(&picture, LARGE_PIXELS);
    let small = within(&large, SMALL_PIXELS);
    Ok(Rendered { large: jpeg(&large)?, small: jpeg(&small)? })
}

/// How large one of our own JPEGs is; only its head is read.
pub(super) fn pixels_of(jpeg: impl BufRead + Seek) -> Result<Pixels, PictureError> {
    let reader = ImageReader::with_format(jpeg, ImageFormat::Jpeg);
    let (width, height) = reader.into_dimensions().map_err(|_| PictureError::Damaged)?;
    Ok(Pixels { width, height })
}

fn decode(file: &[u8]) -> Result<DynamicImage, PictureError> {
    let format = image::guess_format(file).map_err(|_| PictureError::Unsupported)?;
    if !matches!(format, ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP) {
        return Err(PictureError::Unsupported);
    }
    // Its decoder fills up what is missing with gray.
    if format == ImageFormat::Jpeg && !jpeg_is_whole(file) {
        return Err(PictureError::Damaged);
    }
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_PIXELS_MAX);
    limits.max_image_height = Some(SIDE_PIXELS_MAX);
    limits.max_alloc = Some(DECODER_BYTES_MAX);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| refusal(&error))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > PIXELS_MAX {
        return Err(PictureError::TooManyPixels);
    }
    // A phone that was held upright says so beside the pixels, which goes away with all the rest.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|error| refusal(&error))?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn refusal(error: &image::ImageError) -> PictureError {
    match error {
        image::ImageError::Limits(_) => PictureError::TooManyPixels,
        _ => PictureError::Damaged,
    }
}

/// Not larger than it was.
fn within(picture: &DynamicImage, side: u32) -> DynamicImage {
    match picture.width().max(picture.height()) > side {
        true => picture.thumbnail(side, side),
        false => picture.clone(),
    }
}

fn jpeg(picture: &DynamicImage) -> Result<Vec<u8>, PictureError> {
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY);
    on_white(picture).write_with_encoder(encoder).map_err(|_| PictureError::Damaged)?;
    Ok(bytes)
}

/// What is transparent in a PNG would be black in a JPEG.
fn on_white(picture: &DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.to_rgb8();
    }
    let picture = picture.to_rgba8();
    RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let image::Rgba([red, green, blue, alpha]) = *picture.get_pixel(x, y);
        let over = |color: u8| {
            let (color, alpha) = (u32::from(color), u32::from(alpha));
            u8::try_from((color * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
        };
        image::Rgb([over(red), over(green), over(blue)])
    })
}

/// Whether the end of the picture is there. Segments before the pixels say their length, and may hold a smaller
/// picture with an end of its own; among the pixels the end's mark can't occur.
fn jpeg_is_whole(file: &[u8]) -> bool {
    const START_OF_SCAN: u8 = 0xDA;
    const END_OF_IMAGE: [u8; 2] = [0xFF, 0xD9];
    let mut rest = file.get(2..).unwrap_or_default();
    while let [0xFF, kind, high, low, ..] = *rest {
        if kind == START_OF_SCAN {
            return rest.windows(2).any(|pair| pair == END_OF_IMAGE);
        }
        let length = usize::from(u16::from_be_bytes([high, low]));
        // A mark may be preceded by any number of fill bytes.
        let step = if kind == 0xFF { 1 } else { 2 + length };
        rest = rest.get(step..).unwrap_or_default();
    }
    false
}

#[cfg(test)]
mod tests;
