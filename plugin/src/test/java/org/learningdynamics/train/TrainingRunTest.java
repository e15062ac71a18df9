package org.learningdynamics.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.learningdynamics.data.EncodedResponse;
import org.learningdynamics.lm.DecoderConfig;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.lm.ResponseScorer;
import org.learningdynamics.recording.Event;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class TrainingRunTest {
    private static final double LN_2 = Math.log(2);

    @ParameterizedTest
    @EnumSource(TrainingMethod.class)
    void everyMethodLowersItsLossInExactlyTheUpdatesAskedFor(TrainingMethod method) {
        DecoderModel model = TinyTask.model(DataType.FLOAT);
        int updates = method == TrainingMethod.DFT ? 20 : 12; // −p·log p rises until p = 1/e
        TrainingOptions options = options(method).updates(updates).learningRate(0.02).build();
        TrainingResult result = run(model, options);
        assertEquals(updates, result.updates());
        double drop = mean(result, 0) - mean(result, updates - 5);
        double least = method == TrainingMethod.DISCOPOP ? 0.01 : 0.1; // bounded below near .75
        String losses = Arrays.toString(result.losses());
        assertTrue(drop > least * Math.abs(mean(result, 0)), losses);
        assertEquals(List.of(), result.events());
        assertTrue(result.failures().isEmpty());
    }

    @Test
    void firstLossIsThatOfTheUntrainedModel() {
        DecoderModel model = TinyTask.model(DataType.DOUBLE);
        TrainingData data = TinyTask.data(TrainingMethod.SFT);
        TrainingOptions options = options(TrainingMethod.SFT).updates(1).batchSize(10).build();
        List<EncodedResponse> rows =
                data.items().stream().map(item -> item.responses().get(0)).toList();
        double sum = DoubleStream.of(new ResponseScorer(model).logProbs(rows)).sum();
        int tokens = rows.stream().mapToInt(EncodedResponse::responseLength).sum();
        TrainingResult result = TrainingRun.builder(model, data, options).build().run();
        assertEquals(-sum / tokens, result.firstLoss(), 1e-12);
    }

    @ParameterizedTest
    @EnumSource(
            value = TrainingMethod.class,
            names = {"DPO", "CDPO"})
    void sigmoidLossesStartAtLn2(TrainingMethod method) {
        TrainingResult result =
                run(TinyTask.model(DataType.FLOAT), options(method).updates(1).build());
        assertEquals(LN_2, result.firstLoss(), 1e-7);
        assertEquals(List.of(), result.events());
    }

    @Test
    void anotherReferenceIsReportedAtTheStart() {
        DecoderModel model = TinyTask.model(DataType.FLOAT);
        DecoderModel reference = model.copy();
        run(reference, options(TrainingMethod.SFT).updates(5).learningRate(0.01).build());
        TrainingResult result =
                TrainingRun.builder(
                                model,
                                TinyTask.data(TrainingMethod.DPO),
                                options(TrainingMethod.DPO).updates(1).build())
                        .reference(reference)
                        .build()
                        .run();
        assertEquals("start_check", result.events().get(0).code());
        assertTrue(
                result.events()
                        .get(0)
                        .message()
                        .startsWith("rewards/chosen must start at exactly 0.0"),
                result.events().get(0).message());
    }

    @Test
    void referenceStaysWhatItWasAtTheStart() {
        DecoderModel model = TinyTask.model(DataType.DOUBLE);
        TrainingData data = TinyTask.data(TrainingMethod.DPO);
        List<EncodedResponse> chosen = rows(data, 0);
        List<EncodedResponse> rejected = rows(data, 1);
        double[] before = margins(model, chosen, rejected);
        TrainingOptions options =
                options(TrainingMethod.DPO).updates(4).batchSize(10).learningRate(0.01).build();
        TrainingRun.builder(model, data, options).build().run();
        double[] after = margins(model, chosen, rejected);
        double expected =
                IntStream.range(0, before.length)
                        .mapToDouble(i -> Math.log1p(Math.exp(-0.1 * (after[i] - before[i]))))
                        .average()
                        .orElseThrow();
        TrainingOptions one = options(TrainingMethod.DPO).updates(1).batchSize(10).build();
        DecoderModel start = TinyTask.model(DataType.DOUBLE);
        TrainingResult next = TrainingRun.builder(model, data, one).reference(start).build().run();
        assertEquals(expected, next.firstLoss(), 1e-10);
    }

    @Test
    void plainGradientDescentFollowsTheLoss() {
        DecoderModel model = TinyTask.model(DataType.DOUBLE);
        TrainingData data = TinyTask.data(TrainingMethod.SFT_SUM);
        double rate = 1e-6;
        TrainingOptions options =
                options(TrainingMethod.SFT_SUM)
                        .updates(2)
                        .batchSize(10)
                        .optimizer(Optimizer.SGD)
                        .learningRate(rate)
                        .build();
        DecoderModel before = model.copy();
        TrainingResult result = TrainingRun.builder(model, data, options).build().run();
        double squaredSteps = 0;
        for (Map.Entry<String, INDArray> e : model.parameters().entrySet()) {
            double step =
                    e.getValue()
                            .sub(before.parameters().get(e.getKey()))
                            .norm2Number()
                            .doubleValue();
            squaredSteps += step * step;
        }
        double firstDrop = result.losses()[0] - result.losses()[1];
        assertEquals(squaredSteps / 2 / rate / 2, firstDrop, 1e-3 * firstDrop);
    }

    @Test
    void stagesFollowEachOtherOnOneModel() {
        DecoderModel model = TinyTask.model(DataType.FLOAT);
        run(model, options(TrainingMethod.PRETRAIN).updates(10).learningRate(0.01).build());
        run(model, options(TrainingMethod.SFT).updates(10).learningRate(0.01).build());
        TrainingResult dpo = run(model, options(TrainingMethod.DPO).updates(3).build());
        assertEquals(LN_2, dpo.firstLoss(), 1e-7);
        assertEquals(List.of(), dpo.events());
        assertFalse(model.graph().hasVariable("loss"));
        assertTrue(model.graph().getListeners().isEmpty());
    }

    @Test
    void equalSeedsTrainEqually() {
        TrainingOptions options = options(TrainingMethod.SFT).updates(6).build();
        DecoderModel first = TinyTask.model(DataType.FLOAT);
        DecoderModel second = TinyTask.model(DataType.FLOAT);
        assertArrayEquals(run(first, options).losses(), run(second, options).losses());
        assertEquals(first.parameters(), second.parameters());
        double[] other =
                run(
                                TinyTask.model(DataType.FLOAT),
                                options(TrainingMethod.SFT).updates(6).seed(9).build())
                        .losses();
        assertFalse(Arrays.equals(run(TinyTask.model(DataType.FLOAT), options).losses(), other));
    }

    @Test
    void tellsEveryUpdate() {
        List<TrainingProgress> told = new ArrayList<>();
        TrainingResult result =
                TrainingRun.builder(
                                TinyTask.model(DataType.FLOAT),
                                TinyTask.data(TrainingMethod.SFT),
                                options(TrainingMethod.SFT).updates(7).build())
                        .name("first")
                        .progress(told::add)
                        .build()
                        .run();
        assertArrayEquals(
                IntStream.rangeClosed(1, 7).toArray(),
                told.stream().mapToInt(TrainingProgress::updatesDone).toArray());
        assertArrayEquals(
                result.losses(), told.stream().mapToDouble(TrainingProgress::loss).toArray());
        assertEquals("first", told.get(0).run());
        assertEquals(7, told.get(0).updates());
    }

    @Test
    void reportsALossThatIsNotFiniteOnce() {
        TrainingOptions options =
                options(TrainingMethod.SFT_SUM)
                        .updates(8)
                        .optimizer(Optimizer.SGD)
                        .learningRate(1e20)
                        .build();
        TrainingResult result = run(TinyTask.model(DataType.FLOAT), options);
        assertEquals(8, result.updates());
        assertEquals(
                List.of("loss_not_finite"), result.events().stream().map(Event::code).toList());
    }

    @Test
    void rejectsPartsThatDoNotFit() {
        DecoderModel model = TinyTask.model(DataType.FLOAT);
        assertMessage(
                "method dpo needs pairs, got single responses",
                () -> build(model, TrainingMethod.SFT, TrainingMethod.DPO));
        assertMessage(
                "method sft needs single responses, got pairs",
                () -> build(model, TrainingMethod.DPO, TrainingMethod.SFT));
        int ids = model.config().vocabularySize();
        DecoderModel small = DecoderModel.create(DecoderConfig.builder(9).width(8).build());
        assertMessage(
                "model must know the tokenizer's " + ids + " ids, got a vocabulary of 9",
                () -> build(small, TrainingMethod.SFT, TrainingMethod.SFT));
        DecoderModel shorter =
                DecoderModel.create(DecoderConfig.builder(ids).width(8).maxLength(4).build());
        assertMessage(
                "training data must have at most 5 tokens a sequence, got 9",
                () -> build(shorter, TrainingMethod.SFT, TrainingMethod.SFT));
        assertMessage(
                "method sft takes no reference, got one",
                () ->
                        TrainingRun.builder(
                                        model,
                                        TinyTask.data(TrainingMethod.SFT),
                                        options(TrainingMethod.SFT).build())
                                .reference(model)
                                .build());
    }

    private static void build(DecoderModel model, TrainingMethod data, TrainingMethod method) {
        TrainingRun.builder(model, TinyTask.data(data), options(method).build()).build();
    }

    private static void assertMessage(String message, Executable code) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, code).getMessage());
    }

    private static TrainingOptions.Builder options(TrainingMethod method) {
        return TrainingOptions.builder(method).batchSize(4);
    }

    private static TrainingResult run(DecoderModel model, TrainingOptions options) {
        TrainingData data = TinyTask.data(options.method());
        return TrainingRun.builder(model, data, options).build().run();
    }

    private static double mean(TrainingResult result, int from) {
        return Arrays.stream(result.losses(), from, from + 5).average().orElseThrow();
    }

    private static List<EncodedResponse> rows(TrainingData data, int side) {
        return data.items().stream().map(item -> item.responses().get(side)).toList();
    }

    private static double[] margins(
            DecoderModel model, List<EncodedResponse> chosen, List<EncodedResponse> rejected) {
        double[] plus = new ResponseScorer(model).logProbs(chosen);
        double[] minus = new ResponseScorer(model).logProbs(rejected);
        return IntStream.range(0, plus.length).mapToDouble(i -> plus[i] - minus[i]).toArray();
    }
}
