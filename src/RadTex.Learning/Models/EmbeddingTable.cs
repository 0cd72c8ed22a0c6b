using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RadTex.Learning.Models;

/// <summary>A table of rows ~ N(0, 0.02); the padding row, where there is one, starts at zero.</summary>
public sealed class EmbeddingTable : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight;

    public EmbeddingTable(int rows, int width, int? paddingRow, Generator? generator = null) : base(nameof(EmbeddingTable))
    {
        var table = InitialValues.Normal(InitialValues.Deviation, [rows, width], generator);
        if (paddingRow is int row) table[row].zero_();
        weight = nn.Parameter(table);
        RegisterComponents();
    }

    internal Parameter Weight => weight;

    /// <summary>Rows [N] int64 to [N, D].</summary>
    public override Tensor forward(Tensor rows) => weight.index_select(0, rows);
}
