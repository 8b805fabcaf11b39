//! The pictures of the exhibits on paper.

use std::sync::Arc;

use krilla::Data;
use krilla::geom::{Rect, Size, Transform};
use krilla::image::Image;
use krilla::surface::Surface;

use super::layout::{Frame, Layout};
use super::pieces::{Kind, Photo, Piece};
use super::tags::Role;
use crate::picture::{OnPaper, Orientation};

/// Half a page: what the log says of an exhibit stands on the sheet of its picture.
const TALLEST: f32 = 380.0;
/// Points of a pixel, at most: a small picture stays small, and sharp.
const PIXEL: f32 = 0.75;

/// A picture as wide as it may be. `false` if it is none that a PDF file can hold.
pub(super) fn photo(
    layout: &mut Layout<'_>,
    on_paper: &OnPaper,
    description: String,
    frame: Frame,
    out: &mut Vec<Piece>,
) -> bool {
    let bytes: Arc<dyn AsRef<[u8]> + Send + Sync> = on_paper.jpeg.clone();
    let Ok(image) = Image::from_jpeg(Data::from(bytes), false) else {
        return false;
    };
    let orientation = on_paper.orientation;
    let (width, height) = match orientation.is_sideways() {
        true => (on_paper.height, on_paper.width),
        false => (on_paper.width, on_paper.height),
    };
    let (width, height) = (width as f32, height as f32);
    let scale = (frame.width / width).min(TALLEST / height).min(PIXEL);
    let node = layout.tags.add(Role::Figure { description });
    out.push(Piece::kept(Kind::Photo(Photo {
        x: frame.x,
        width: width * scale,
        height: height * scale,
        image,
        orientation,
        node,
    })));
    out.push(Piece::kept(Kind::Space(4.0)));
    true
}

/// Draws it into its place, turned as it is to be looked at.
pub(super) fn draw(surface: &mut Surface<'_>, photo: &Photo, place: Rect) {
    let (x, y) = (place.left(), place.top());
    let (right, bottom) = (place.right(), place.bottom());
    // Where a point of the stored picture comes to lie: along, across and from where.
    let (a, b, c, d, e, f) = match photo.orientation {
        Orientation::AsStored => (1.0, 0.0, 0.0, 1.0, x, y),
        Orientation::Mirrored => (-1.0, 0.0, 0.0, 1.0, right, y),
        Orientation::Turned180 => (-1.0, 0.0, 0.0, -1.0, right, bottom),
        Orientation::Flipped => (1.0, 0.0, 0.0, -1.0, x, bottom),
        Orientation::Transposed => (0.0, 1.0, 1.0, 0.0, x, y),
        Orientation::TurnedRight => (0.0, 1.0, -1.0, 0.0, right, y),
        Orientation::Transversed => (0.0, -1.0, -1.0, 0.0, right, bottom),
        Orientation::TurnedLeft => (0.0, -1.0, 1.0, 0.0, x, bottom),
    };
    let (width, height) = match photo.orientation.is_sideways() {
        true => (place.height(), place.width()),
        false => (place.width(), place.height()),
    };
    if let Some(size) = Size::from_wh(width, height) {
        surface.push_transform(&Transform::from_row(a, b, c, d, e, f));
        surface.draw_image(photo.image.clone(), size);
        surface.pop();
    }
}
