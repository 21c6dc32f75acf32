using System.Text.RegularExpressions;

namespace Podsharp.ApiSpec.Tests;

/// <summary>A request of the differential recorder's scripts: "POST /auth", the names of its query and, after "H:", of its headers, and its body.</summary>
internal sealed record RecordedStep(string Request, IReadOnlyList<string> Parameters, string Body)
{
    public static IReadOnlyList<RecordedStep> ReadAll()
    {
        var steps = new List<RecordedStep>();
        foreach (var line in Directory.GetFiles(Path.Join(TestContext.CurrentContext.TestDirectory, "differential"), "*.txt").SelectMany(File.ReadLines))
        {
            if (line.Split(' ', 2) is ["GET" or "HEAD" or "POST" or "PUT" or "DELETE", _])
            {
                var target = line.Split('?', 2);
                steps.Add(new RecordedStep(target[0], [.. target.Skip(1).SelectMany(query => query.Split('&')).Select(pair => pair.Split('=')[0])], ""));
            }
            else if (line.StartsWith("! header ", StringComparison.Ordinal))
            {
                steps[^1] = steps[^1] with { Parameters = [.. steps[^1].Parameters, "H:" + line.Split(' ')[2].TrimEnd(':')] };
            }
            else if (line.Length > 0 && line[0] is not ('#' or '=' or '!' or '>'))
            {
                steps[^1] = steps[^1] with { Body = steps[^1].Body + line };
            }
        }
        return steps;
    }

    /// <param name="endpoint">"GET /images/{name}/json"</param>
    public static IEnumerable<RecordedStep> Of(string endpoint, IEnumerable<RecordedStep> steps)
    {
        // Image names hold slashes.
        var shape = new Regex("^" + Regex.Escape(endpoint).Replace("\\{name}", ".+", StringComparison.Ordinal).Replace("\\{id}", "[^/]+", StringComparison.Ordinal) + "$");
        return steps.Where(step => shape.IsMatch(step.Request));
    }
}
