using System.Globalization;
using System.Runtime.CompilerServices;

namespace RadTex.Consumer.Tests;

/// <summary>The whole program writes numbers as in German, as a host's threads may. Set by hand: machines of tests have no cultures.</summary>
internal static class GermanNumbers
{
    [ModuleInitializer]
    internal static void Set() => CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = new CultureInfo("")
    {
        NumberFormat = new NumberFormatInfo { NumberDecimalSeparator = ",", NumberGroupSeparator = "." },
    };
}
