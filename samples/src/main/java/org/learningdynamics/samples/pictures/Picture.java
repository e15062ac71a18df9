package org.learningdynamics.samples.pictures;

/** Something that can be drawn. */
public interface Picture {
    /**
     * What it shows.
     *
     * @return the caption
     */
    String caption();

    /**
     * The drawing.
     *
     * @return an SVG element
     */
    String svg();
}
