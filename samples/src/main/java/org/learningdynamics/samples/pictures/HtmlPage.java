package org.learningdynamics.samples.pictures;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A page of headings, text and pictures that loads nothing: its content security policy forbids
 * scripts and the network. Collected in order; used by one thread.
 */
public final class HtmlPage {
    private static final String STYLE =
            """
            body{font:15px/1.45 system-ui,sans-serif;max-width:76rem;margin:1.5rem auto;\
            padding:0 1rem;color:#1c2430;background:#fff}
            h1{font-size:1.6rem}h2{font-size:1.25rem;margin-top:2rem}
            .row{display:flex;flex-wrap:wrap;gap:1.2rem;align-items:flex-start}
            figure{margin:0}figcaption{font-weight:600;margin-bottom:.2rem}
            svg{max-width:100%;height:auto}svg text{font:11px system-ui,sans-serif;fill:#1c2430}
            pre{background:#f3f5f8;padding:.7rem;overflow-x:auto;font-size:13px}
            """;

    private final String title;
    private final StringBuilder body = new StringBuilder();

    /**
     * Starts a page.
     *
     * @param title its title
     */
    public HtmlPage(String title) {
        this.title = title;
    }

    /**
     * A heading.
     *
     * @param words its text
     * @return this page
     */
    public HtmlPage heading(String words) {
        body.append("<h2>").append(Markup.escape(words)).append("</h2>\n");
        return this;
    }

    /**
     * A paragraph.
     *
     * @param words its text
     * @return this page
     */
    public HtmlPage text(String words) {
        body.append("<p>").append(Markup.escape(words)).append("</p>\n");
        return this;
    }

    /**
     * Text whose line breaks and columns stay.
     *
     * @param words its lines
     * @return this page
     */
    public HtmlPage table(String words) {
        body.append("<pre>").append(Markup.escape(words)).append("</pre>\n");
        return this;
    }

    /**
     * Pictures side by side, as far as they fit.
     *
     * @param pictures what to show
     * @return this page
     */
    public HtmlPage pictures(Picture... pictures) {
        body.append("<div class=\"row\">\n");
        for (Picture picture : pictures) {
            body.append("<figure><figcaption>")
                    .append(Markup.escape(picture.caption()))
                    .append("</figcaption>\n")
                    .append(picture.svg())
                    .append("</figure>\n");
        }
        body.append("</div>\n");
        return this;
    }

    /**
     * The page as text; the same contents give the same text.
     *
     * @return an HTML document
     */
    public String html() {
        String head = Markup.escape(title);
        return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                + "<meta http-equiv=\"Content-Security-Policy\""
                + " content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
                + "<meta name=\"viewport\" content=\"width=device-width\">\n<title>"
                + head
                + "</title>\n<style>\n"
                + STYLE
                + "</style>\n</head>\n<body>\n<h1>"
                + head
                + "</h1>\n"
                + body
                + "</body>\n</html>\n";
    }

    /**
     * Writes the page; an existing file is replaced.
     *
     * @param file where to
     * @throws IOException if it cannot be written
     */
    public void write(Path file) throws IOException {
        Files.writeString(file, html(), StandardCharsets.UTF_8);
    }
}
