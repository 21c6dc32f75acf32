namespace Podsharp.Differential.Script;

/// <summary>
/// Reads a script: a step begins with its request line and ends where the next one begins.
/// <code>
/// # a comment, at the beginning of a line
/// == title of the next step, where another one has the same request line
/// POST /containers/create?name=${p}one
/// {"Image": "${image}"}            the body: all lines without a mark
/// &gt; id .Id                          a variable from the reply
/// ! DIRECTIVE [ARGUMENT]           see Directives
/// </code>
/// </summary>
public static class ScriptReader
{
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"];

    /// <exception cref="FormatException">names the line that isn't understood.</exception>
    public static IReadOnlyList<Step> Read(string file, IEnumerable<string> lines)
    {
        var steps = new List<Step>();
        var title = "";
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            if (line.Length == 0 || line[0] == '#') continue;
            if (line.StartsWith("== ", StringComparison.Ordinal))
            {
                title = line[3..].Trim();
            }
            else if (line.Split(' ', 2) is [var method, var target] && Methods.Contains(method))
            {
                steps.Add(new Step { Method = method, Target = target.Trim(), Title = title });
                title = "";
            }
            else if (steps.Count == 0)
            {
                throw new FormatException($"{file}:{number}: no step has begun");
            }
            else
            {
                steps[^1] = line[0] switch
                {
                    '>' => Capture(steps[^1], line[1..]),
                    '!' => Directives.Apply(steps[^1], line[1..].Trim()) ?? throw new FormatException($"{file}:{number}: unknown directive"),
                    _ => steps[^1] with { Body = steps[^1].Body.Length == 0 ? line : steps[^1].Body + "\n" + line },
                };
            }
        }
        return steps;
    }

    private static Step Capture(Step step, string text)
    {
        var parts = text.Trim().Split(' ', 2);
        return step with { Captures = [.. step.Captures, new(parts[0], parts[1])] };
    }
}
