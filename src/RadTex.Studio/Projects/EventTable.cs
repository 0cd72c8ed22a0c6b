namespace RadTex.Studio.Projects;

/// <summary>The one table of a project's file.</summary>
internal static class EventTable
{
    /// <summary>Makes the table, and what keeps its rows from being changed or removed.</summary>
    internal const string Schema = """
        CREATE TABLE events (
            id INTEGER PRIMARY KEY, time INTEGER NOT NULL, kind TEXT NOT NULL, reader TEXT NOT NULL, finding TEXT NOT NULL, picture TEXT NOT NULL,
            value TEXT NOT NULL, confidence TEXT NOT NULL, milliseconds INTEGER, shown_window TEXT NOT NULL, visible TEXT NOT NULL,
            policy TEXT NOT NULL, propensity REAL, model TEXT NOT NULL, about INTEGER, note TEXT NOT NULL, code BLOB NOT NULL) STRICT;
        CREATE TRIGGER events_are_kept BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are never removed'); END;
        CREATE TRIGGER events_are_final BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
        """;
}
