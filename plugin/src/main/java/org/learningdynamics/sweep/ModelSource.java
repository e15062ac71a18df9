package org.learningdynamics.sweep;

import java.util.OptionalLong;
import java.util.Set;
import org.learningdynamics.data.Sha256;
import org.learningdynamics.lm.DecoderConfig;
import org.learningdynamics.lm.DecoderModel;

/**
 * Where each candidate's model comes from: a copy of one model, or a new one of the candidate's
 * size.
 */
public abstract sealed class ModelSource {
    private static final Set<TrainingParameter> SIZES =
            Set.of(TrainingParameter.WIDTH, TrainingParameter.LAYERS, TrainingParameter.HEADS);

    private ModelSource() {}

    /**
     * Every candidate goes on from the same model.
     *
     * @param base only read; must not be closed before the sweep ends
     * @param digest identifies its weights, such as the SHA-256 of their file
     * @return the source
     */
    public static ModelSource of(DecoderModel base, String digest) {
        return new Copies(base, digest);
    }

    /**
     * Every candidate begins with random weights of its own size and seed.
     *
     * @param vocabulary ids, at least 1
     * @param maxLength longest row (tokens)
     * @return the source
     */
    public static ModelSource fresh(int vocabulary, int maxLength) {
        return new Fresh(vocabulary, maxLength);
    }

    /** A model that the candidate may train and close. */
    abstract DecoderModel open(TrainingChoice choice);

    abstract DecoderConfig config(TrainingChoice choice);

    /** Refuses parameters that a given model has decided already. */
    abstract void check(TrainingSpace space);

    abstract String identity();

    /** Copies of one model. */
    private static final class Copies extends ModelSource {
        private final DecoderModel base;
        private final String digest;

        Copies(DecoderModel base, String digest) {
            this.base = base;
            this.digest = digest;
        }

        @Override
        DecoderModel open(TrainingChoice choice) {
            synchronized (base) {
                return base.copy();
            }
        }

        @Override
        DecoderConfig config(TrainingChoice choice) {
            return base.config();
        }

        @Override
        void check(TrainingSpace space) {
            for (TrainingParameter size : SIZES) {
                if (space.names().contains(size.label())
                        || space.fixed().containsKey(size.label())) {
                    throw new SweepConfigException(
                            size.label()
                                    + " must be left out with a given model, which has its own, got"
                                    + " it");
                }
            }
        }

        @Override
        String identity() {
            return Sha256.ofParts("copies", base.config().toString(), digest);
        }
    }

    /** New models. */
    private static final class Fresh extends ModelSource {
        private final int vocabulary;
        private final int maxLength;

        Fresh(int vocabulary, int maxLength) {
            this.vocabulary = vocabulary;
            this.maxLength = maxLength;
        }

        @Override
        DecoderModel open(TrainingChoice choice) {
            return DecoderModel.create(config(choice));
        }

        @Override
        DecoderConfig config(TrainingChoice choice) {
            OptionalLong seed = choice.whole(TrainingParameter.SEED);
            return DecoderConfig.builder(vocabulary)
                    .width(choice.count(TrainingParameter.WIDTH, DecoderConfig.DEFAULT_WIDTH))
                    .layers(choice.count(TrainingParameter.LAYERS, DecoderConfig.DEFAULT_LAYERS))
                    .heads(choice.count(TrainingParameter.HEADS, DecoderConfig.DEFAULT_HEADS))
                    .maxLength(maxLength)
                    .seed(seed.orElse(DecoderConfig.DEFAULT_SEED))
                    .build();
        }

        @Override
        void check(TrainingSpace space) {}

        @Override
        String identity() {
            return "fresh " + vocabulary + " " + maxLength;
        }
    }
}
