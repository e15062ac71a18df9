package org.learningdynamics.samples.lessons;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import org.learningdynamics.samples.digits.DigitExperiment;
import org.learningdynamics.samples.digits.DigitModel;
import org.learningdynamics.samples.digits.DigitRecipe;
import org.learningdynamics.samples.digits.RenderedDigits;
import org.learningdynamics.samples.digits.RenderedDigits.Split;
import org.learningdynamics.samples.pictures.HeatMap;
import org.learningdynamics.samples.pictures.HtmlPage;
import org.learningdynamics.series.MeanPrediction;
import org.learningdynamics.train.HeavyBall;

/** Lesson 6: which digits a classifier takes for each other, from what its training recorded. */
public final class Lesson6Digits {
    private static final long SEED = 1;

    private Lesson6Digits() {}

    /**
     * Trains a small perceptron on rendered digits; {@code DigitsDemo} does the same at full size.
     *
     * @param args the folder for run file and page, images, epochs; 400 and 20 show it well
     * @throws IOException if it cannot be written
     */
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        int images = Integer.parseInt(args[1]);
        int epochs = Integer.parseInt(args[2]);
        // Every class is a response of every test image, so the run file holds whole distributions.
        var recipe = new DigitRecipe(epochs, 16, .02, HeavyBall.DEFAULT_MOMENTUM, 5e-4, SEED);
        var result =
                new DigitExperiment(
                                DigitModel.MLP,
                                recipe,
                                RenderedDigits.render(Split.TRAIN, images, SEED),
                                RenderedDigits.render(Split.TEST, images / 4, SEED),
                                Clock.systemUTC())
                        .run(folder.resolve("digits.ldyn"), System.err::println);
        // The same numbers can be had from the file at any recording, in this or another process.
        // docs/digits.md mean prediction
        int recordings = result.run().steps().size();
        MeanPrediction last = MeanPrediction.of(result.run(), recordings - 1);
        double fourAndNine = last.pull(4, 9); // (P(9|4) + P(4|9)) / 2
        double anyPair = last.meanPull(); // what equally wrong classes would have
        // end
        System.out.printf(
                "accuracy %.2f, 4 and 9 pull each other with %.3f, any pair with %.3f%n",
                last.accuracy(), fourAndNine, anyPair);
        new HtmlPage("Digits after " + epochs + " epochs")
                .pictures(
                        new HeatMap(
                                "mean prediction",
                                "true digit",
                                "predicted digit",
                                last.classes(),
                                last.probabilities()))
                .write(folder.resolve("digits.html"));
    }
}
