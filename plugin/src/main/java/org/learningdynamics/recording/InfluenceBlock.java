package org.learningdynamics.recording;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;

/**
 * What every example of a batch does, to first order, to every response at one recording. An entry
 * is the change of the response's log-probability (nats) by the example's share of the update, or a
 * dot product or cosine, as the form says. The columns are all responses of the file by probe and
 * kind ({@link InteractionReader#responseAxis()}). A column of nothing but NaN was not measured; an
 * event of the recording counts the NaN of the others.
 *
 * @param step the recording
 * @param layer the layer group, empty for all layers together
 * @param part empty for whole examples, or {@link ResidualRow#CHOSEN} or {@link
 *     ResidualRow#REJECTED} for what one response of each pair contributes
 * @param form what an entry is
 * @param values the entries // [examples, responses]
 */
public record InfluenceBlock(
        long step, String layer, String part, InfluenceForm form, FloatMatrix values)
        implements Serializable {
    /** The layer of a block over all layers. */
    public static final String ALL_LAYERS = "";

    /** The part of a block about whole examples. */
    public static final String WHOLE = "";

    private static final List<String> PARTS =
            List.of(WHOLE, ResidualRow.CHOSEN, ResidualRow.REJECTED);

    /**
     * Checks the values.
     *
     * @param step the recording
     * @param layer the layer group, empty for all layers together
     * @param part empty for whole examples, or {@link ResidualRow#CHOSEN} or {@link
     *     ResidualRow#REJECTED} for what one response of each pair contributes
     * @param form what an entry is
     * @param values the entries // [examples, responses]
     * @throws IllegalArgumentException if a value breaks its rule
     */
    public InfluenceBlock {
        Checks.atLeast("step", 0, step);
        Checks.blankOnlyIfEmpty("layer", layer);
        Checks.oneOf("part", PARTS, part);
        Objects.requireNonNull(form, "form");
        Objects.requireNonNull(values, "values");
    }

    /**
     * The batch's size.
     *
     * @return number of examples
     */
    public int examples() {
        return values.rows();
    }

    /**
     * The number of responses.
     *
     * @return columns of the matrix
     */
    public int responses() {
        return values.columns();
    }
}
