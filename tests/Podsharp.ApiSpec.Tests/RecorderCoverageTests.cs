using System.Text.RegularExpressions;

namespace Podsharp.ApiSpec.Tests;

/// <summary>The differential recorder (tests/Podsharp.Differential) asks for all that is in scope; what differs then is for its allow-lists to say.</summary>
[TestFixture]
public sealed class RecorderCoverageTests
{
    [Test]
    public void Every_endpoint_in_scope_is_asked()
    {
        var asked = Steps();

        Assert.That(EndpointsInScope.Read().Where(row => AskedOf(row.Endpoint, asked).Count == 0).Select(row => row.Endpoint), Is.Empty);
    }

    [Test]
    public void Every_parameter_of_an_endpoint_in_scope_is_asked()
    {
        var asked = Steps();

        var missing = EndpointsInScope.Read().SelectMany(row =>
            row.Parameters.Except(AskedOf(row.Endpoint, asked).SelectMany(step => step.Parameters)).Select(parameter => $"{row.Endpoint} {parameter}"));

        Assert.That(missing, Is.Empty);
    }

    private static List<(string Request, List<string> Parameters)> AskedOf(string endpoint, List<(string Request, List<string> Parameters)> asked)
    {
        // Image names hold slashes.
        var shape = new Regex("^" + Regex.Escape(endpoint).Replace("\\{name}", ".+", StringComparison.Ordinal).Replace("\\{id}", "[^/]+", StringComparison.Ordinal) + "$");
        return asked.FindAll(step => shape.IsMatch(step.Request));
    }

    private static List<(string Request, List<string> Parameters)> Steps()
    {
        var steps = new List<(string Request, List<string> Parameters)>();
        foreach (var line in Directory.GetFiles(Path.Join(TestContext.CurrentContext.TestDirectory, "differential"), "*.txt").SelectMany(File.ReadLines))
        {
            if (line.Split(' ', 2) is ["GET" or "HEAD" or "POST" or "PUT" or "DELETE", _])
            {
                var target = line.Split('?', 2);
                steps.Add((target[0], [.. target.Skip(1).SelectMany(query => query.Split('&')).Select(pair => pair.Split('=')[0])]));
            }
            else if (line.StartsWith("! header ", StringComparison.Ordinal))
            {
                steps[^1].Parameters.Add("H:" + line.Split(' ')[2].TrimEnd(':'));
            }
        }
        return steps;
    }
}
