using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Engine.Containers;

namespace Podsharp.Engine.Images.Changes;

/// <summary>Applies configuration instructions, in the words of a build file, to what an image runs. What needs a build (RUN, COPY …) is refused by name.</summary>
internal static class ChangeLines
{
    private static readonly string[] DefaultShell = ["/bin/sh", "-c"];

    public static ImageProcess Apply(IEnumerable<string> changes, ImageProcess process)
    {
        var lines = InstructionLines.Read(string.Join('\n', changes)).ToList();
        // A command that was there before is made of arguments for another entrypoint.
        var isForAnother = lines.Exists(static line => line.Name == "ENTRYPOINT") && !lines.Exists(static line => line.Name == "CMD");
        return lines.Aggregate(isForAnother ? process with { Command = null } : process, Apply);
    }

    private static ImageProcess Apply(ImageProcess process, Instruction line) => line.Name switch
    {
        "CMD" => process with { Command = CommandOf(line, process) },
        "ENTRYPOINT" => process with { Entrypoint = CommandOf(line, process) },
        "ENV" => process with { Environment = WithVariables(process.Environment, Pairs(line, process)) },
        "EXPOSE" => process with { ExposedPorts = [.. process.ExposedPorts.Union(Arguments(line, process).SelectMany(PortKey.ParseRange))] },
        "HEALTHCHECK" => process with { HealthCheck = HealthCheckLine.Parse(line.Rest) },
        "LABEL" => process with { Labels = WithLabels(process.Labels, Pairs(line, process)) },
        "ONBUILD" => process with { OnBuild = [.. process.OnBuild ?? [], Trigger(line)] },
        "SHELL" => process with
        {
            Shell = Words.TryJsonForm(line.Rest) is { Count: > 0 } shell ? shell : throw EngineException.InvalidInput("SHELL requires the arguments to be in JSON form"),
        },
        "STOPSIGNAL" => process with { StopSignal = SignalOf(Single(line, process)) },
        "USER" => process with { User = Single(line, process) },
        "VOLUME" => process with { Volumes = [.. process.Volumes.Union(VolumesOf(line, process))] },
        "WORKDIR" => process with { WorkingDirectory = Resolve(process.WorkingDirectory, Single(line, process)) },
        _ => throw EngineException.InvalidInput($"{line.Name} is not a valid change command"),
    };

    // Of an image with a signal that is none no container could be made.
    private static string SignalOf(string text)
    {
        Signals.Parse(text);
        return text;
    }

    private static IReadOnlyList<string> CommandOf(Instruction line, ImageProcess process) =>
        Words.TryJsonForm(line.Rest) ?? (line.Rest.Length == 0 ? [] : [.. process.Shell ?? DefaultShell, line.Rest]);

    /// <summary>NAME=value pairs, or the old form of one name and the rest of the line.</summary>
    private static List<(string Name, string Value)> Pairs(Instruction line, ImageProcess process)
    {
        var words = Words.Split(line.Rest);
        if (words.Count == 0) throw EngineException.InvalidInput($"{line.Name} requires at least one argument");
        if (!words[0].Contains('=', StringComparison.Ordinal))
        {
            var rest = line.Rest[words[0].Length..].TrimStart();
            if (rest.Length == 0) throw EngineException.InvalidInput($"{line.Name} must have two arguments");
            return [(Expand(words[0], process), Expand(rest, process))];
        }

        return [.. words.Select(word => Pair(line, word, process))];
    }

    private static (string Name, string Value) Pair(Instruction line, string word, ImageProcess process)
    {
        var equals = word.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0) throw EngineException.InvalidInput($"Syntax error - can't find = in \"{word}\". Must be of the form: name=value");
        var name = Expand(word[..equals], process);
        return name.Length > 0
            ? (name, Expand(word[(equals + 1)..], process))
            : throw EngineException.InvalidInput($"{line.Name} names can not be blank");
    }

    private static List<string> WithVariables(IEnumerable<string> environment, List<(string Name, string Value)> pairs)
    {
        var variables = environment.ToList();
        foreach (var (name, value) in pairs)
        {
            var index = variables.FindIndex(variable => variable.StartsWith(name + "=", StringComparison.Ordinal));
            if (index < 0) variables.Add($"{name}={value}");
            else variables[index] = $"{name}={value}";
        }

        return variables;
    }

    private static Dictionary<string, string> WithLabels(IReadOnlyDictionary<string, string> labels, List<(string Name, string Value)> pairs)
    {
        var all = new Dictionary<string, string>(labels);
        foreach (var (name, value) in pairs) all[name] = value;
        return all;
    }

    private static IReadOnlyList<string> VolumesOf(Instruction line, ImageProcess process)
    {
        var volumes = Words.TryJsonForm(line.Rest) ?? Arguments(line, process);
        return volumes.Count > 0 && volumes.All(volume => volume.Trim().Length > 0)
            ? volumes
            : throw EngineException.InvalidInput("VOLUME specified can not be an empty string");
    }

    private static string Trigger(Instruction line)
    {
        var name = line.Rest.Split(' ', 2)[0].ToUpperInvariant();
        return name switch
        {
            "" => throw EngineException.InvalidInput("ONBUILD requires at least one argument"),
            "ONBUILD" => throw EngineException.InvalidInput("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed"),
            "FROM" or "MAINTAINER" => throw EngineException.InvalidInput($"{name} isn't allowed as an ONBUILD trigger"),
            _ => line.Rest,
        };
    }

    private static IReadOnlyList<string> Arguments(Instruction line, ImageProcess process)
    {
        var words = Words.Split(line.Rest);
        return words.Count > 0
            ? [.. words.Select(word => Expand(word, process))]
            : throw EngineException.InvalidInput($"{line.Name} requires at least one argument");
    }

    private static string Single(Instruction line, ImageProcess process) =>
        line.Rest.Length > 0 && Expand(line.Rest, process) is { Length: > 0 } text
            ? text
            : throw EngineException.InvalidInput($"{line.Name} requires exactly one argument");

    private static string Expand(string text, ImageProcess process) =>
        Words.Expand(text, name => process.Environment
            .FirstOrDefault(variable => variable.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..]);

    /// <summary>A path below the present one, cleaned of dots and doubled slashes.</summary>
    private static string Resolve(string present, string path)
    {
        var parts = new List<string>();
        foreach (var part in (path.StartsWith('/') ? path : $"{present}/{path}").Split('/'))
        {
            if (part is "" or ".") continue;
            if (part != "..") parts.Add(part);
            else if (parts.Count > 0) parts.RemoveAt(parts.Count - 1);
        }

        return "/" + string.Join('/', parts);
    }
}
