using RadTex.Metrics.Agreement;
using RadTex.Studio.Labelling;

namespace RadTex.Studio.Web;

/// <summary>How far readers agree on a finding, as rows of a table.</summary>
internal static class AgreementRows
{
    internal static IReadOnlyList<(string Name, string Value)> Of(Workplace work, string finding)
    {
        var (table, patients) = RatingsOf(work, finding);
        var rows = new List<(string, string)> { ("pictures that two or more readers answered", $"{table.Cases}") };
        void Add(string name, Func<RatingTable, double?> figure)
        {
            var (interval, why) = AgreementInterval.Of(figure, table, patients);
            rows.Add((name, interval is { } i ? FigureText.Of(i)
                : figure(table) is { } value ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{value:0.00}; no interval: {why}")
                : $"n/a: {why}"));
        }
        bool isOrdinal = table.Categories > 2;
        if (table.Readers == 2)
        {
            Add("Cohen's kappa", t => ReaderAgreement.CohenKappa(t));
            if (isOrdinal) Add("Cohen's kappa, quadratic weights", t => ReaderAgreement.CohenKappa(t, DisagreementWeight.Interval));
        }
        Add("Fleiss' kappa", ReaderAgreement.FleissKappa);
        Add("Krippendorff's alpha", t => ReaderAgreement.KrippendorffAlpha(t, isOrdinal ? DisagreementWeight.Ordinal : DisagreementWeight.Nominal));
        Add("Gwet's AC1", ReaderAgreement.GwetAc1);
        for (int c = 0; c < table.Categories; c++)
        {
            int category = c;
            Add(
                isOrdinal ? $"agreement on grade {c}" : c == 1 ? "positive agreement" : "negative agreement",
                t => ReaderAgreement.OnCategory(t, category));
        }
        return rows;
    }

    private static (RatingTable Table, int[] Patients) RatingsOf(Workplace work, string finding) => work.Session.Read(book =>
    {
        string[] readers = [.. book.Readers.Where(r => r.Length > 0 && book.Of(r, finding).Count > 0)];
        if (readers.Length < 2) readers = [.. readers, .. Enumerable.Repeat("", 2 - readers.Length)];
        string[] pictures = [.. readers.SelectMany(r => book.Of(r, finding).Keys).CountBy(p => p).Where(p => p.Value > 1).Select(p => p.Key)];
        return (
            new RatingTable(readers.Length, work.Session.Settings.Classes,
                [.. pictures.SelectMany(p => readers.Select(r => book.Of(r, finding).GetValueOrDefault(p)?.First.Class))]),
            pictures.Select(p => work.Pool.Has(p) ? work.Pool.Selection.PatientOf(work.Pool.RowOf(p)) : -1).ToArray());
    });
}
