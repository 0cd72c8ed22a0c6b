namespace RadTex.Heads;

/// <summary>The names of a transfer's files in its folder.</summary>
internal static class TransferLayout
{
    public const string Metrics = "metrics.json", Predictions = "predictions.parquet", HeadWeights = "heads.safetensors", HeadList = "heads.json",
        Journal = "journal.jsonl", ChoiceJournal = "choices.jsonl";
}
