package org.learningdynamics.it.report;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.learningdynamics.it.browser.Browser;

/**
 * Takes the pictures of docs/gallery.md: one section of a report each. Arguments: the page, then
 * for every picture the section's id, how many pixels of it from its top, and the file to write. An
 * id may be followed by = and the selector of what is clicked before.
 */
public final class GalleryPictures {
    private static final int WIDTH = 1100;

    /** High enough that nothing sticks to the edge of the window. */
    private static final int HEIGHT = 3000;

    private GalleryPictures() {}

    /**
     * Opens the page and writes the pictures.
     *
     * @param arguments the page, then section, height and file of every picture
     * @throws IOException if no browser starts or a file cannot be written
     */
    public static void main(String[] arguments) throws IOException {
        try (Browser browser =
                Browser.start(Files.createTempDirectory("gallery"))
                        .orElseThrow(() -> new IOException("needs chromium and chromedriver"))) {
            browser.resize(WIDTH, HEIGHT);
            browser.open(Path.of(arguments[0]).toAbsolutePath().toUri());
            for (int i = 1; i < arguments.length; i += 3) {
                int height = Integer.parseInt(arguments[i + 1]);
                String[] section = arguments[i].split("=", 2);
                if (section.length > 1) {
                    browser.click(section[1]);
                }
                Files.write(Path.of(arguments[i + 2]), picture(browser, "#" + section[0], height));
            }
        }
    }

    private static byte[] picture(Browser browser, String section, int height) {
        String place = "return document.querySelector('%s').getBoundingClientRect()";
        browser.script("document.querySelector('%s').scrollIntoView()".formatted(section));
        JsonObject box = browser.script(place.formatted(section)).getAsJsonObject();
        double top = box.get("top").getAsDouble() + browser.script("return scrollY").getAsDouble();
        Map<String, Object> clip =
                Map.of(
                        "x", box.get("left").getAsDouble(),
                        "y", top,
                        "width", box.get("width").getAsDouble(),
                        "height", Math.min(height, box.get("height").getAsDouble()),
                        "scale", 1);
        String data =
                browser.devtools(
                                "Page.captureScreenshot",
                                Map.of(
                                        "format",
                                        "png",
                                        "captureBeyondViewport",
                                        true,
                                        "clip",
                                        clip))
                        .getAsJsonObject()
                        .get("data")
                        .getAsString();
        return Base64.getDecoder().decode(data);
    }
}
