package org.learningdynamics.lm;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.AllocationPolicy;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.memory.enums.ResetPolicy;
import org.nd4j.linalg.api.memory.enums.SpillPolicy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Logits token by token, each token read once: keys and values of earlier tokens are kept. Equal to
 * a forward pass over the whole rows up to rounding.
 *
 * <p>Rows stand left-aligned in the slots up to the longest prompt's end; from there on every row
 * writes to the same slot, so that a shorter row has a gap before its answer. It does not see the
 * gap, and its positions count on without it. Prompts are read in pieces of {@link #PIECE} tokens,
 * which bounds the memory beside the cache. For one thread; close it to free its memory.
 */
final class CachedDecoder implements AutoCloseable {
    /** Tokens of a prompt that are read at once. */
    static final int PIECE = 128;

    private static final double MASKED = -1e9;
    private static final String WORKSPACE = "learning-dynamics-generation";
    private static final WorkspaceConfiguration MEMORY =
            WorkspaceConfiguration.builder()
                    .initialSize(0)
                    .overallocationLimit(0.2)
                    .policyAllocation(AllocationPolicy.OVERALLOCATE)
                    .policyLearning(LearningPolicy.FIRST_LOOP)
                    .policyReset(ResetPolicy.BLOCK_LEFT)
                    .policySpill(SpillPolicy.REALLOCATE)
                    .build();

    private final DecoderModel model;
    private final DecoderConfig config;
    private final DecoderBlocks blocks;
    private final KeyValueCache cache;
    private final int promptSlots;
    private int[] lengths;
    private int slot;
    private INDArray last; // states whose logits are wanted [rows, width]

    /**
     * A decoder for rows that grow together.
     *
     * @param model whose logits
     * @param rotary its tables, {@link RotaryTables#ifRotary}
     * @param lengths tokens of each prompt, at least 1
     * @param newTokens most tokens that are read behind the prompts
     */
    CachedDecoder(DecoderModel model, Optional<RotaryTables> rotary, int[] lengths, int newTokens) {
        this.model = model;
        this.lengths = lengths.clone();
        config = model.config();
        promptSlots = Arrays.stream(lengths).max().orElseThrow();
        cache = new KeyValueCache(config, lengths.length, promptSlots + newTokens);
        blocks = new DecoderBlocks(config, model.weights(), cache, rotary);
        last = Nd4j.create(config.dataType(), lengths.length, config.width());
    }

    /** Reads the prompts; logits behind each one's last token, to be closed // [rows, V]. */
    INDArray read(List<int[]> prompts) {
        for (; slot < promptSlots; slot += PIECE) {
            int count = Math.min(PIECE, promptSlots - slot);
            int[] tokens = new int[prompts.size() * count];
            for (int row = 0; row < prompts.size(); row++) {
                for (int t = 0; t < count && slot + t < lengths[row]; t++) {
                    tokens[row * count + t] = prompts.get(row)[slot + t];
                }
            }
            pass(tokens, count);
        }
        slot = promptSlots;
        return model.head(last);
    }

    /** Reads one more token of each row; logits behind it, to be closed // [rows, V]. */
    INDArray read(int[] tokens) {
        pass(tokens, 1);
        slot++;
        return model.head(last);
    }

    /** Goes on with some of the rows, in this order. */
    void keep(int[] rows) {
        cache.keep(rows);
        lengths = Arrays.stream(rows).map(row -> lengths[row]).toArray();
        last.close();
        last = Nd4j.create(config.dataType(), rows.length, config.width());
    }

    @SuppressWarnings("try") // the scope is closed, not read
    private void pass(int[] tokens, int count) {
        try (MemoryWorkspace open =
                Nd4j.getWorkspaceManager().getAndActivateWorkspace(MEMORY, WORKSPACE)) {
            Positions positions = new Positions(lengths, promptSlots, slot, count);
            INDArray hidden = blocks.hidden(tokens, positions);
            for (int row = 0; row < lengths.length; row++) {
                int place = positions.lastOf(row);
                if (place >= 0) {
                    last.getRow(row).assign(hidden.getRow((long) row * count + place));
                }
            }
        }
    }

    @Override
    public void close() {
        cache.close();
        last.close();
        if (Nd4j.getWorkspaceManager().checkIfWorkspaceExists(WORKSPACE)) {
            Nd4j.getWorkspaceManager()
                    .destroyWorkspace(
                            Nd4j.getWorkspaceManager().getWorkspaceForCurrentThread(WORKSPACE));
        }
    }

    /**
     * Where the tokens of one pass stand.
     *
     * @param lengths tokens of each row's prompt
     * @param promptSlots slots of the longest prompt
     * @param slot first slot of the pass
     * @param count slots of the pass
     */
    record Positions(int[] lengths, int promptSlots, int slot, int count) {
        int rows() {
            return lengths.length;
        }

        int end() {
            return slot + count;
        }

        /** Position of each token in its row; padding repeats the last // [rows · count]. */
        int[] places() {
            int[] places = new int[rows() * count];
            for (int i = 0; i < places.length; i++) {
                int length = lengths[i / count];
                int s = slot + i % count;
                places[i] = s < promptSlots ? Math.min(s, length - 1) : length + s - promptSlots;
            }
            return places;
        }

        /** Where in the pass a row's newest token stands, or -1 if it has none in it. */
        int lastOf(int row) {
            int newest = slot < promptSlots ? lengths[row] - 1 : slot;
            return newest < slot || newest >= end() ? -1 : newest - slot;
        }

        boolean isMasked() {
            return count > 1 || Arrays.stream(lengths).anyMatch(length -> length < promptSlots);
        }

        /** 0 where a token sees a slot, a large negative number elsewhere, group after group. */
        INDArray mask(int groups, DataType type) {
            double[] mask = new double[rows() * groups * count * end()];
            int i = 0;
            for (int length : lengths) {
                for (int query = 0; query < groups * count; query++) {
                    int own = slot + query % count;
                    for (int key = 0; key < end(); key++) {
                        boolean seen = key <= own && (key < length || key >= promptSlots);
                        mask[i++] = seen ? 0 : MASKED;
                    }
                }
            }
            return Nd4j.createFromArray(mask)
                    .reshape(rows(), 1, (long) groups * count, end())
                    .castTo(type);
        }
    }
}
