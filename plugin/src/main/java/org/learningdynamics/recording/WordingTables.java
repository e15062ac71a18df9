package org.learningdynamics.recording;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** The tables that format version 3 adds: the wording of tokens and of what examples teach. */
final class WordingTables {
    static final List<String> DEFINITIONS =
            List.of(
                    "CREATE TABLE vocabulary(token INTEGER PRIMARY KEY, text TEXT NOT NULL)",
                    """
                    CREATE TABLE response_token(
                      probe INTEGER NOT NULL, kind TEXT NOT NULL, position INTEGER NOT NULL,
                      token INTEGER NOT NULL,
                      PRIMARY KEY(probe, kind, position)) WITHOUT ROWID""",
                    """
                    CREATE TABLE example_response(
                      example INTEGER NOT NULL, part TEXT NOT NULL, text TEXT NOT NULL,
                      PRIMARY KEY(example, part)) WITHOUT ROWID""");

    private WordingTables() {}

    /** Writes their rows; tokens only where texts are kept, as they tell the wording. */
    static final class Writer implements AutoCloseable {
        private final Texts texts;
        private final PreparedStatement word;
        private final PreparedStatement token;
        private final PreparedStatement response;

        Writer(Connection connection, Texts texts) throws SQLException {
            this.texts = texts;
            this.word =
                    connection.prepareStatement("INSERT OR REPLACE INTO vocabulary VALUES (?,?)");
            this.token =
                    connection.prepareStatement(
                            "INSERT OR REPLACE INTO response_token VALUES (?,?,?,?)");
            this.response =
                    connection.prepareStatement(
                            "INSERT OR REPLACE INTO example_response VALUES (?,?,?)");
        }

        void write(TokenText row) throws SQLException {
            if (texts == Texts.FULL) {
                word.setInt(1, row.token());
                word.setString(2, row.text());
                word.executeUpdate();
            }
        }

        void write(ResponseTokens row) throws SQLException {
            if (texts != Texts.FULL) {
                return;
            }
            for (int position = 0; position < row.tokens().size(); position++) {
                token.setInt(1, row.probe());
                token.setString(2, row.kind());
                token.setInt(3, position);
                token.setInt(4, row.tokens().get(position));
                token.addBatch();
            }
            token.executeBatch();
        }

        void write(ExampleResponse row) throws SQLException {
            response.setLong(1, row.example());
            response.setString(2, row.part());
            response.setString(3, texts.store(row.text()));
            response.executeUpdate();
        }

        @Override
        public void close() throws SQLException {
            word.close();
            token.close();
            response.close();
        }
    }
}
