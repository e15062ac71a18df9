package org.learningdynamics.samples.digits;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;
import org.learningdynamics.samples.pictures.HeatMap;
import org.learningdynamics.samples.pictures.HtmlPage;
import org.learningdynamics.samples.pictures.LineChart;
import org.learningdynamics.samples.pictures.Picture;
import org.learningdynamics.series.MeanPrediction;
import org.learningdynamics.series.MetricSeries;

/** The experiments as a page: heat-maps of predictions and of single examples, adaptation. */
final class DigitPage {
    private DigitPage() {}

    static HtmlPage of(List<DigitExperiment.Result> results) {
        HtmlPage page = new HtmlPage("Digits: which classes pull each other");
        page.text(
                "Rows are true digits, columns what the network predicts: the mean probability over"
                        + " the test images of a digit. Colours are scaled to the largest value off the"
                        + " diagonal.");
        results.forEach(result -> add(page, result));
        return page;
    }

    private static void add(HtmlPage page, DigitExperiment.Result result) {
        page.heading(result.run().name());
        page.text(
                String.format(
                        Locale.ROOT,
                        "Accuracy on the test images: %.2f %% after a fifth of the updates,"
                                + " %.2f %% at the end.",
                        100 * result.early().accuracy(),
                        100 * result.last().accuracy()));
        page.table(PullTable.of(result));
        page.pictures(
                predictions("Mean prediction, early", result.early()),
                predictions("Mean prediction, at the end", result.last()));
        page.pictures(
                new HeatMap(
                        "One step on one example, early: change of log π(learnt digit), nats",
                        "learnt digit",
                        "true digit of the observed images",
                        result.last().classes(),
                        result.changes()));
        page.text(
                "Adaptation: how features and logits moved, along where they were. Lag 1: the"
                        + " images of one update, before and after it; lag 50: 200 test images over 50"
                        + " updates.");
        page.pictures(adaptation(result, "dot"), adaptation(result, "cosine"));
    }

    private static Picture predictions(String caption, MeanPrediction mean) {
        return new HeatMap(
                caption, "true digit", "predicted digit", mean.classes(), mean.probabilities());
    }

    private static Picture adaptation(DigitExperiment.Result result, String form) {
        List<LineChart.Line> lines = new ArrayList<>();
        for (String what : List.of("features", "logits")) {
            for (String lag : List.of("lag1", "lag" + AdaptationMeter.INTERVAL)) {
                String name = "adaptation/" + what + "/" + form + "/" + lag;
                result.run()
                        .metric(name)
                        .ifPresent(series -> lines.add(line(what + " " + lag, series)));
            }
        }
        if (lines.isEmpty()) {
            double[] nothing = {Double.NaN};
            lines.add(new LineChart.Line("fewer than 50 updates", new double[1], nothing));
        }
        return new LineChart(
                "Adaptation, " + form, "updates", LineChart.Scale.LINEAR, lines, List.of());
    }

    private static LineChart.Line line(String name, MetricSeries series) {
        double[] updates = LongStream.of(series.iterations()).asDoubleStream().toArray();
        return new LineChart.Line(name, updates, Arrays.copyOf(series.values(), updates.length));
    }
}
