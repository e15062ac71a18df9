package org.learningdynamics.samples.squeezing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.learningdynamics.samples.pictures.HtmlPage;
import org.learningdynamics.samples.pictures.LineChart;
import org.learningdynamics.samples.pictures.Picture;

/** The five cases as a page: each distribution before and after, linear and logarithmic. */
public final class SqueezingPage {
    private SqueezingPage() {}

    /**
     * Draws the cases.
     *
     * @param cases such as {@link ToyCase#draw}
     * @return the page
     */
    public static HtmlPage of(List<ToyCase> cases) {
        HtmlPage page = new HtmlPage("The squeezing effect in a linear softmax model");
        page.text(
                "One step of gradient descent, seen on its own input. Pushing a class down always"
                        + " lowers it and always lifts the likeliest other one; the less likely the rest,"
                        + " the more it loses. The peakier the distribution, and the less likely the"
                        + " pushed class already is, the worse.");
        for (ToyCase toy : cases) {
            page.heading("Case " + toy.letter() + ": " + toy.title());
            page.text(toy.summary());
            page.pictures(
                    picture(toy, LineChart.Scale.LINEAR, "probability"),
                    picture(toy, LineChart.Scale.LOGARITHMIC, "probability, logarithmic"));
        }
        return page;
    }

    private static Picture picture(ToyCase toy, LineChart.Scale scale, String caption) {
        List<LineChart.Mark> marks = new ArrayList<>();
        for (int v = 0; v < toy.rates().length; v++) {
            if (toy.rates()[v] != 0) {
                marks.add(new LineChart.Mark(v, (toy.rates()[v] > 0 ? "up " : "down ") + v));
            }
        }
        return new LineChart(
                caption,
                "class",
                scale,
                List.of(line("before", toy.before()), line("after", toy.after())),
                marks);
    }

    private static LineChart.Line line(String name, double[] logProbs) {
        return new LineChart.Line(
                name,
                IntStream.range(0, logProbs.length).asDoubleStream().toArray(),
                Arrays.stream(logProbs).map(Math::exp).toArray());
    }
}
