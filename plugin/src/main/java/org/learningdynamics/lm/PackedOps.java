package org.learningdynamics.lm;

import java.util.ArrayList;
import java.util.List;
import org.learningdynamics.model.FusedBiases;
import org.learningdynamics.model.FusedOps;
import org.learningdynamics.model.PackedAttention;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/** What a graph over packed rows computes by other ops, noted while it is built. */
final class PackedOps {
    private final List<Mixing> mixings = new ArrayList<>();
    private final List<SDVariable> sums = new ArrayList<>();

    /** What attention reads, and what it makes // [B·T, heads · h]. */
    private record Mixing(PackedAttention.Parts parts, SDVariable mixed) {}

    /** Attention over these parts makes this variable. */
    void noteAttention(PackedAttention.Parts parts, SDVariable mixed) {
        mixings.add(new Mixing(parts, mixed));
    }

    /** A sum of rows and a bias; where it is added to another variable, that has its shape. */
    void noteBiased(SDVariable sum) {
        sums.add(sum);
    }

    /** Puts the ops in their places; only a session of the model package can run the graph then. */
    void put(SameDiff graph) {
        for (Mixing mixing : mixings) {
            if (PackedAttention.supports(mixing.mixed().dataType())) {
                PackedAttention.put(
                        graph, mixing.mixed().name(), mixing.parts(), DecoderInputs.SEGMENTS);
            }
        }
        FusedOps.fuse(graph);
        FusedBiases.fuse(graph, sums.stream().map(SDVariable::name).toList());
    }
}
