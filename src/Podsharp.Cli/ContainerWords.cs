using System.CommandLine;

namespace Podsharp.Cli;

/// <summary>
/// Marks where the client's own options end in run and exec. The parser takes apart whatever looks like a bundle of short
/// options, also in words that are the container's: "run IMAGE ls -la" would run "ls -l a".
/// </summary>
internal static class ContainerWords
{
    private static readonly string[] Commands = ["run", "exec"];

    /// <returns>The arguments with "--" before the image or container, where there is one.</returns>
    public static IReadOnlyList<string> Mark(RootCommand root, IReadOnlyList<string> arguments)
    {
        List<Option> known = [.. root.Options];
        var inCommand = false;
        for (var i = 0; i < arguments.Count;)
        {
            var argument = arguments[i];
            if (argument == "--") return arguments;
            if (argument.Length > 1 && argument[0] == '-')
            {
                i += Width(known, argument);
                continue;
            }

            if (inCommand) return [.. arguments.Take(i), "--", .. arguments.Skip(i)];
            if (!Commands.Contains(argument)) return arguments;
            known.AddRange(root.Subcommands.First(command => command.Name == argument).Options);
            inCommand = true;
            i++;
        }

        return arguments;
    }

    // 2 where the next argument is the option's value.
    private static int Width(List<Option> known, string argument)
    {
        if (argument.StartsWith("--", StringComparison.Ordinal))
            return !argument.Contains('=', StringComparison.Ordinal) && TakesValue(Find(known, argument)) ? 2 : 1;

        for (var i = 1; i < argument.Length; i++)
            if (TakesValue(Find(known, "-" + argument[i]))) return i == argument.Length - 1 ? 2 : 1;
        return 1;
    }

    private static Option? Find(List<Option> known, string name) => known.Find(option => option.Name == name || option.Aliases.Contains(name));

    private static bool TakesValue(Option? option) => option is not null && option.ValueType != typeof(bool) && option.Arity.MaximumNumberOfValues > 0;
}
