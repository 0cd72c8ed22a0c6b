using RadTex.Service.Models;
using RadTex.Service.Settings;

namespace RadTex.Service.Tests;

/// <summary>The configuration, the rules and the registry.</summary>
public sealed class SettingsTests
{
    [Fact]
    public void All_faults_are_told_at_once_and_no_secret_is_taken_from_the_file()
    {
        const string text = """
            { // comments are allowed
              "spol": "x", "dry_run": "yes", "listen": { "port": 99999 }, "limits": [], "rules": [{ "modell": "a" }],
              "access": { "keys": [{ "name": "ris", "key": "in the open" }] }, "orthanc": { "poll_seconds": 0 }
            }
            """;
        var message = Should.Throw<UserErrorException>(() => SettingsReader.Parse(text, "/tmp", "serve.json")).Message;
        foreach (var fault in (string[])[
            "7 faults", "spol is not known", "dry_run is \"yes\" (expected true or false)", "listen.port is 99,999 (expected 0 to 65,535)",
            "limits is [] (expected an object of keys)", "rules.0.modell is not known", "access.keys.0.key is not known",
            "orthanc.poll_seconds is 0"]) message.ShouldContain(fault);
        message.ShouldNotContain("in the open");
    }

    [Fact]
    public void What_contradicts_itself_is_a_fault()
    {
        const string text = """
            { "rules": [{ "skip": true, "model": "a" }], "orthanc": { "url": "http://user:secret@host" },
              "destinations": [{ "name": "orthanc", "stow": "ftp://host", "folder": "out" }], "access": { "keys": [{ "name": "the ris" }] } }
            """;
        var message = Should.Throw<UserErrorException>(() => SettingsReader.Parse(text, "/tmp", "serve.json")).Message;
        foreach (var fault in (string[])[
            "rules.0 needs a model or skip, and not both", "orthanc has no address", "destinations.0 needs one of orthanc, stow and folder",
            "'orthanc' is taken twice", "access.keys.0.name is no handle", "access.keys.0 needs a file or an environment variable"])
            message.ShouldContain(fault);
        message.ShouldNotContain("secret@");
    }

    [Fact]
    public void Paths_are_relative_to_the_file()
    {
        var settings = SettingsReader.Parse("""{"folder":{"path":"in"},"access":{"keys":[{"name":"a","file":"keys/a"}]}}""", "/srv/radtex", "serve.json");
        (settings.Spool, settings.Folder!.Path, settings.Access.Keys[0].File).ShouldBe(("/srv/radtex/spool", "/srv/radtex/in", "/srv/radtex/keys/a"));
    }

    [Fact]
    public void A_name_moves_to_another_model_and_back_by_hash()
    {
        using var folder = new TemporaryFolder();
        var registry = new ModelRegistry(folder.File("models"));
        var first = registry.Add(DrawnEncoder.WriteClassifier(folder.File("a.onnx")), "chest-1");
        var second = registry.Add(DrawnEncoder.WriteClassifier(folder.File("b.onnx"), bias: 3), "chest-1");
        registry.Models["chest-1"].Current.ShouldBe(second);
        registry.Use("chest-1", first[..10]);
        registry.Models["chest-1"].Current.ShouldBe(first);
        registry.Models["chest-1"].Former.ShouldBe([second]);
        Should.Throw<UserErrorException>(() => registry.Use("chest-1", "0000000000")).Message.ShouldContain("Expected one");
        Should.Throw<UserErrorException>(() => registry.Use("nobody", first)).Message.ShouldContain("chest-1");
        Should.Throw<UserErrorException>(() => registry.Add(folder.File("a.onnx"), "../x")).Message.ShouldContain("expected letters");
    }

    [Fact]
    public void A_model_whose_bytes_changed_is_not_served()
    {
        using var folder = new TemporaryFolder();
        var registry = new ModelRegistry(folder.File("models"));
        var path = DrawnEncoder.WriteClassifier(folder.File("a.onnx"));
        var hash = registry.Add(path, "chest-1");
        byte[] bytes = File.ReadAllBytes(registry.PathOf(hash));
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(registry.PathOf(hash), bytes);
        Should.Throw<UserErrorException>(() => new ModelShelf(registry, new RuleBook([], registry)));
    }

    [Fact]
    public void A_model_in_int8_is_served_where_its_calibration_was_measured_in_int8()
    {
        using var folder = new TemporaryFolder();
        var registry = new ModelRegistry(folder.File("models"));
        var fitted = new RadTex.Heads.HeadRecalibration(0, 1, "both", 20, 20, "data", "parent");
        var before = DrawnEncoder.WriteClassifier(folder.File("a.onnx"), quantisation: "int8", fitted: fitted);
        Should.Throw<UserErrorException>(() => registry.Add(before, "chest-1")).Message
            .ShouldContain("no calibration and operating point measured in int8");
        registry.Models.ShouldBeEmpty();
        registry.Add(DrawnEncoder.WriteClassifier(folder.File("b.onnx"), quantisation: "int8", fitted: fitted with { Runtime = "int8" }), "chest-1");
        registry.Models.ShouldHaveSingleItem();
    }

    [Fact]
    public void Rules_name_models_that_are_there_and_say_why()
    {
        using var folder = new TemporaryFolder();
        var registry = new ModelRegistry(folder.File("models"));
        Should.Throw<UserErrorException>(() => new RuleBook([], registry)).Message.ShouldContain("0 models");
        registry.Add(DrawnEncoder.WriteClassifier(folder.File("a.onnx")), "chest-1");
        Should.Throw<UserErrorException>(() => new RuleBook([new() { Model = "chest-9" }], registry)).Message.ShouldContain("chest-1");
        var book = new RuleBook([new() { Model = "chest-1", CalledAe = ["RADTEX"], View = ["PA", "AP"] }], registry);
        book.Choose(new("radtex", "pa")).ShouldBe(new("chest-1", null, false, "rules.0, by called_ae, view"));
        book.Choose(new("other", "PA")).Model.ShouldBeNull();
    }
}
