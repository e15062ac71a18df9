package org.learningdynamics.loss.dl4j;

/**
 * What the channels of a response layer's labels hold, {@code [rows, channels, T]} in the format
 * NCW and {@code [rows, T, channels]} in NWC.
 *
 * <p>A loss on single responses without a reference needs {@link #TOKEN} alone. All other losses
 * need the {@link #CHANNELS} channels, of which the last three repeat one number per row at every
 * position. With them a batch is checked: a pair's rows must carry the numbers k and −k in the
 * right halves, which finds shuffled, split, merged and swapped rows; and a row must bring as many
 * response tokens as it says, which finds label masks that cut responses and truncated
 * backpropagation through time. {@code kto} reads from the sign of a pair number whether the
 * response is desirable, and takes rows numbered 0 for mismatched. {@link ResponseBatch} makes such
 * labels.
 */
public final class ResponseLabels {
    /** Id of the token that follows the position; negative where nothing counts. */
    public static final int TOKEN = 0;

    /** Log-probability of the row's response under the reference model (nats); NaN if unknown. */
    public static final int REFERENCE = 1;

    /**
     * Pair k ≥ 1: +k in its chosen row, −k in its rejected row. Of labelled rows the sign alone
     * counts: + desirable, − undesirable. 0 in rows of neither kind, mismatched ones among them.
     */
    public static final int PAIR = 2;

    /** Number of the row's response tokens. */
    public static final int LENGTH = 3;

    /** Number of channels. */
    public static final int CHANNELS = 4;

    private ResponseLabels() {}
}
