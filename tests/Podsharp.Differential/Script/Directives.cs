namespace Podsharp.Differential.Script;

/// <summary>What may stand behind the mark "!" of a step.</summary>
public static class Directives
{
    /// <returns>null: there is no such directive.</returns>
    public static Step? Apply(Step step, string text)
    {
        var name = text.Split(' ')[0];
        var argument = text[name.Length..].Trim();
        return name switch
        {
            "quiet" => step with { Quiet = true },
            "shape" => step with { ShapeOnly = true },
            "hijack" => step with { Hijack = true },
            "input" => step with { Input = argument.Replace("\\n", "\n", StringComparison.Ordinal), Hijack = true },
            "lines" => step with { Lines = int.Parse(argument) },
            "keep" => step with { Keep = argument },
            "since" => step with { Since = argument },
            "before" => step with { Before = argument },
            "body" => step with { BodyKind = argument },
            "header" when argument.Split(": ", 2) is [var header, var value] => step with { Headers = [.. step.Headers, new(header, value)] },
            "skip" => step with { SkippedFor = argument },
            "until" when argument.Split(' ', 2) is [var path, var value] => step with { Until = new(path, value) },
            _ => null,
        };
    }
}
