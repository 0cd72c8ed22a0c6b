using System.CommandLine;
using RadTex.Service.Models;

namespace RadTex.Cli.Commands;

/// <summary>The registry of models: <c>radtex serve add</c>, <c>use</c> and <c>models</c>.</summary>
internal static class ServeModelCommands
{
    internal static Command BuildAdd()
    {
        var options = new ServeOptions();
        var model = new Argument<string>("MODEL")
        {
            Description = "An .onnx classifier of 'radtex export', 'radtex studio export' or 'radtex recalibrate'.",
        };
        var name = new Option<string>("--name") { Description = "What rules and answers call it.", HelpName = "NAME", Required = true };
        var command = new Command("add", "Take a classifier into the registry, under a name that stands for it from then on.") { model, name };
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            var sha256 = new ModelRegistry(options.Read(parsed).Models).Add(parsed.GetValue(model)!, parsed.GetValue(name)!);
            Console.WriteLine($"{parsed.GetValue(name)} stands for {sha256}. A service that runs takes it up when it is started again.");
            return RadTexCommand.Success;
        });
        return command;
    }

    internal static Command BuildUse()
    {
        var options = new ServeOptions();
        var name = new Argument<string>("NAME") { Description = "A name of the registry." };
        var hash = new Argument<string>("SHA256") { Description = "The hash of a model that is there, or its first eight digits or more." };
        var command = new Command("use", "Let a name stand for another model of the registry, such as the former one.") { name, hash };
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            var registry = new ModelRegistry(options.Read(parsed).Models);
            registry.Use(parsed.GetValue(name)!, parsed.GetValue(hash)!);
            Console.WriteLine($"{parsed.GetValue(name)} stands for {registry.Models[parsed.GetValue(name)!].Current}. "
                + "A service that runs takes it up when it is started again.");
            return RadTexCommand.Success;
        });
        return command;
    }

    internal static Command BuildModels()
    {
        var options = new ServeOptions();
        var command = new Command("models", "List the models of the registry, and what each name stood for before.");
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            foreach (var (name, model) in new ModelRegistry(options.Read(parsed).Models).Models.OrderBy(m => m.Key, StringComparer.Ordinal))
            {
                Console.WriteLine($"{name} {model.Current}");
                foreach (var former in model.Former.Reverse()) Console.WriteLine($"{new string(' ', name.Length)} {former} (former)");
            }
            return RadTexCommand.Success;
        });
        return command;
    }
}
