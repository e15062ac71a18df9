package org.learningdynamics.it.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.learningdynamics.data.EncodedResponse;
import org.learningdynamics.data.PackedBatch;
import org.learningdynamics.lm.Activation;
import org.learningdynamics.lm.DecoderArchitecture;
import org.learningdynamics.lm.DecoderConfig;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.lm.HeadKind;
import org.learningdynamics.loss.LossInputs;
import org.learningdynamics.loss.Losses;
import org.learningdynamics.loss.ResponseLogProbs;
import org.learningdynamics.measure.LikelihoodMeasures;
import org.learningdynamics.model.LeanGradients;
import org.learningdynamics.model.PackedInput;
import org.learningdynamics.model.PackedView;
import org.learningdynamics.train.TorchRmsProp;
import org.learningdynamics.train.TrainingLoop;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.dataset.adapter.SingletonMultiDataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

/** What is timed of a language model: a training step, or likelihoods of packed responses. */
interface LanguageModelWork extends Runnable, AutoCloseable {
    @Override
    void close();

    static LanguageModelWork of(String work, DecoderModel model, int[] sizes) {
        return switch (work) {
            case "step" -> new Step(model, sizes);
            case "probes" -> new PackedResponses(model, sizes);
            default ->
                    throw new IllegalArgumentException(
                            "work must be step or probes, got \"" + work + "\"");
        };
    }

    /** A family's shape as {@code gpt2} or {@code gpt_neox}, uniform weights of deviation .02. */
    static DecoderModel model(String family, int[] sizes) {
        DecoderConfig.Builder builder =
                DecoderConfig.builder(sizes[0])
                        .width(sizes[1])
                        .layers(sizes[2])
                        .heads(sizes[3])
                        .maxLength(1024);
        DecoderConfig config =
                family.equals("gpt2")
                        ? builder.activation(Activation.GELU_TANH)
                                .architecture(DecoderArchitecture.gpt2())
                                .build()
                        : builder.activation(Activation.GELU_EXACT)
                                .head(HeadKind.UNTIED)
                                .architecture(DecoderArchitecture.gptNeoX(0.25, true))
                                .build();
        double range = 0.02 * Math.sqrt(12);
        Map<String, INDArray> parameters = new LinkedHashMap<>();
        DecoderModel.parameterShapes(config)
                .forEach(
                        (name, shape) ->
                                parameters.put(
                                        name,
                                        name.endsWith("norm")
                                                ? Nd4j.ones(DataType.FLOAT, shape)
                                                : Nd4j.rand(DataType.FLOAT, shape)
                                                        .subi(0.5)
                                                        .muli(range)));
        return DecoderModel.of(config, parameters);
    }

    /** Forward, backward and RMSprop, every token learnt. */
    final class Step implements LanguageModelWork {
        private final TrainingLoop loop;
        private final MultiDataSet batch;

        Step(DecoderModel model, int[] sizes) {
            SameDiff graph = model.newGraph();
            SDVariable labels = graph.placeHolder("labels", DataType.INT32, -1, -1);
            SDVariable logits = graph.getVariable(DecoderModel.LOGITS_2D);
            Losses.byName("sft")
                    .define(
                            graph,
                            LossInputs.of(
                                    ResponseLogProbs.define(graph, logits, labels, sizes[0])));
            graph.setTrainingConfig(
                    TrainingConfig.builder()
                            .updater(new TorchRmsProp(1e-6))
                            .dataSetFeatureMapping(DecoderModel.INPUT_IDS)
                            .dataSetLabelMapping("labels")
                            .build());
            Random random = new Random(1);
            batch =
                    new MultiDataSet(
                            new INDArray[] {random(random, sizes)},
                            new INDArray[] {random(random, sizes)});
            LeanGradients.fuse(graph);
            loop = TrainingLoop.builder(graph).build();
        }

        private static INDArray random(Random random, int[] sizes) {
            int[][] ids = new int[sizes[4]][];
            Arrays.setAll(ids, row -> random.ints(sizes[5], 0, sizes[0]).toArray());
            return Nd4j.createFromArray(ids);
        }

        @Override
        public void run() {
            loop.fit(new SingletonMultiDataSetIterator(batch), 1);
        }

        @Override
        public void close() {
            loop.close();
        }
    }

    /** Every measure of every response to one prompt, in one row. */
    final class PackedResponses implements LanguageModelWork {
        private final PackedView view;
        private final PackedBatch batch;
        private final PackedInput input;

        PackedResponses(DecoderModel model, int[] sizes) {
            Random random = new Random(1);
            int[] prompt = random.ints(sizes[6], 0, sizes[0]).toArray();
            List<EncodedResponse> group = new ArrayList<>();
            for (int kind = 0; kind < sizes[8]; kind++) {
                int[] tokens = Arrays.copyOf(prompt, sizes[6] + sizes[7]);
                for (int t = sizes[6]; t < tokens.length; t++) {
                    tokens[t] = random.nextInt(sizes[0]);
                }
                group.add(new EncodedResponse(tokens, sizes[6]));
            }
            batch = PackedBatch.of(List.of(group), 0, 16);
            input =
                    new PackedInput(
                            Nd4j.createFromArray(batch.inputIds()),
                            Nd4j.createFromArray(batch.positions()),
                            Nd4j.createFromArray(batch.segments()),
                            Nd4j.createFromArray(batch.headRows()));
            view = model.packedView();
            view.refresh();
        }

        @Override
        public void run() {
            LikelihoodMeasures.measureStacked(view.logits(input), batch.labels());
        }

        @Override
        public void close() {
            input.close();
            view.close();
        }
    }
}
