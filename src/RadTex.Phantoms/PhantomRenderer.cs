namespace RadTex.Phantoms;

/// <summary>Draws planned radiographs. Keeps its canvases: one renderer a thread.</summary>
internal sealed class PhantomRenderer
{
    private const int MostKept = 32, MostPixelsKept = 12_000_000;

    private readonly Dictionary<(int Width, int Height), PhantomCanvas> canvases = [];

    /// <summary>
    /// Draws one exposure of a study. A finding given in <paramref name="leaveOut"/> stays undrawn with all else equal, for tests of what it changes.
    /// With more than 8 <paramref name="bits"/> it is developed in so many too.
    /// </summary>
    internal PhantomRadiograph Render(
        PhantomPatient patient, PhantomStudy study, int exposureIndex, PhantomFinding? leaveOut = null, int bits = 8)
    {
        var exposure = study.Exposures[exposureIndex];
        var canvas = CanvasFor(exposure.Width, exposure.Height);
        canvas.Clear();
        if (leaveOut == PhantomFinding.Edema) study = study with { EdemaSeverity = 0 };
        var frame = new ThoraxFrame(
            patient.Anatomy, exposure, leaveOut == PhantomFinding.Cardiomegaly ? patient.Anatomy.HeartRatio : study.HeartRatio);
        new AnatomyPainter(canvas, frame, patient, exposure).Paint(study.IsAnteroposterior);
        float congestion = study.EdemaSeverity == 0 ? 0 : Math.Clamp(study.EdemaContrast * (0.7f + 0.2f * study.EdemaSeverity), 0, 1.2f);
        new VesselPainter(canvas, frame, patient.Anatomy).Paint(congestion);
        new BonePainter(canvas, frame, patient.Anatomy).Paint(study.IsAnteroposterior);

        var boxes = new List<PhantomBox>();
        if (new EdemaPainter(canvas, frame).Paint(study, patient.Anatomy.Seed) is { } edema) boxes.Add(edema);
        var lesions = new LesionPainter(canvas, frame);
        var devices = new DevicePainter(canvas, frame);
        foreach (var lesion in study.Lesions)
        {
            if (lesion.Finding == leaveOut) continue;
            var box = lesion.Finding switch
            {
                PhantomFinding.SupportDevices => devices.Paint(lesion),
                PhantomFinding.Cardiomegaly => HeartBox(canvas, frame, lesion),
                _ => lesions.Paint(lesion),
            };
            if (box is not null) boxes.Add(box);
        }
        var random = new CounterRandom(exposure.Seed, 81);
        if (exposure.HasMonitorWires) devices.PaintMonitorWires(random);
        if (exposure.HasMarker) devices.PaintMarker(random);
        var words = new ExposureChain(canvas, patient, exposure).Develop(frame.Pixels, bits);
        byte[] pixels = Array.ConvertAll(words, word => (byte)(word >> (bits - 8)));
        return new PhantomRadiograph(exposure.Width, exposure.Height, pixels, boxes) { Words = words };
    }

    private static PhantomBox? HeartBox(PhantomCanvas canvas, ThoraxFrame frame, Lesion lesion)
    {
        canvas.Layer.Clear();
        Brush.Fill(canvas.Layer, frame.MapAll(frame.HeartOutline(), 0.5f), canvas.Scratch);
        return LesionPainter.BoxOf(lesion, canvas.Layer, null, 0.5f);
    }

    private PhantomCanvas CanvasFor(int width, int height)
    {
        if (canvases.TryGetValue((width, height), out var canvas)) return canvas;
        // Long sides vary by the pixel: keep some, not all, and of large ones (some 60 bytes a pixel) hardly any.
        if (canvases.Count >= MostKept || canvases.Keys.Sum(k => (long)k.Width * k.Height) + (long)width * height > MostPixelsKept) canvases.Clear();
        return canvases[(width, height)] = new PhantomCanvas(width, height);
    }
}
