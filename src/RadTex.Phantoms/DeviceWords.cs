namespace RadTex.Phantoms;

/// <summary>How reports name tubes, lines and implants.</summary>
internal static class DeviceWords
{
    /// <summary>"right PICC", "endotracheal tube".</summary>
    internal static string Name(Lesion device) => device.Side == 0 ? device.Site : $"{Phrase.SideWord(device.Side)} {device.Site}";

    /// <summary>A template of one sentence on the device: its kind, side and where it ends, and since when it is there.</summary>
    internal static string Sentence(CounterRandom random, Lesion device)
    {
        string start = device.Trend switch
        {
            Trend.New when random.Chance(0.7f) => "[New|Interval placement of a|There is a new]",
            Trend.Unchanged when random.Chance(0.5f) => "[Unchanged|Again seen is the|Stable]",
            _ => "[There is a|The|]",
        };
        string side = device.Side == 0 ? "" : Phrase.SideWord(device.Side);
        return device.Site switch
        {
            LesionMaker.EndotrachealTube => $"{start} [endotracheal tube|ET tube] [terminating above the carina|in standard position|in appropriate "
                + "position|with its tip above the carina].",
            LesionMaker.EntericTube => $"{start} [enteric tube|nasogastric tube|orogastric tube|feeding tube] [coursing below the diaphragm|with its "
                + "tip in the stomach|terminating below the left hemidiaphragm].",
            LesionMaker.JugularLine => $"{start} {side} [internal jugular central venous catheter|IJ central line|internal jugular catheter] "
                + "[ending|terminating|with its tip] in the [SVC|mid SVC|lower SVC|superior vena cava].",
            LesionMaker.SubclavianLine =>
                $"{start} {side} subclavian [central venous catheter|central line|catheter] [ending|terminating|with its tip] "
                + "in the [SVC|mid SVC|superior vena cava].",
            LesionMaker.PiccLine => $"{start} {side} [PICC|PICC line|peripherally inserted central catheter] [ending|terminating|with its tip] in "
                + "the [SVC|low SVC|cavoatrial junction].",
            LesionMaker.ChestTube => $"{start} {side} [chest tube|thoracostomy tube|pleural drain] [in place|projecting over the {side} "
                + "hemithorax|directed towards the apex].",
            LesionMaker.Pacemaker => $"{start} {side} [pectoral|chest wall|sided] [pacemaker|dual-chamber pacemaker|pacemaker device] with "
                + "[leads|intact leads] in [expected|standard|unchanged] position[s|]."
                .Replace("|unchanged]", device.Trend == Trend.Unchanged ? "|unchanged]" : "]", StringComparison.Ordinal),
            _ => $"{(device.Trend == Trend.Unchanged ? "[Unchanged|]" : "")} [median sternotomy wires|sternal wires|sternotomy "
                + "wires] are [intact|noted|in place|aligned].",
        };
    }
}
