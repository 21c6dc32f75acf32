using System.Text.Json;

namespace Podsharp.ApiSpec.Tests;

/// <summary>The differential recorder (tests/Podsharp.Differential) asks for all that is in scope; what differs then is for its allow-lists to say.</summary>
[TestFixture]
public sealed class RecorderCoverageTests
{
    [Test]
    public void Every_endpoint_in_scope_is_asked()
    {
        var steps = RecordedStep.ReadAll();

        Assert.That(EndpointsInScope.Read().Where(row => !RecordedStep.Of(row.Endpoint, steps).Any()).Select(row => row.Endpoint), Is.Empty);
    }

    [Test]
    public void Every_parameter_of_an_endpoint_in_scope_is_asked()
    {
        var steps = RecordedStep.ReadAll();

        var missing = EndpointsInScope.Read().SelectMany(row =>
            row.Parameters.Except(RecordedStep.Of(row.Endpoint, steps).SelectMany(step => step.Parameters)).Select(parameter => $"{row.Endpoint} {parameter}"));

        Assert.That(missing, Is.Empty);
    }

    [Test]
    public async Task Every_field_of_a_body_is_sent()
    {
        var steps = RecordedStep.ReadAll();
        using var document = JsonDocument.Parse(await Documents.WriteAsync("docker", CancellationToken.None));
        var fields = new BodyFields(document.RootElement);

        var missing = Bodies(document.RootElement).SelectMany(body =>
            fields.Known(body.Schema).Distinct().Except(Sent(fields, body.Schema, RecordedStep.Of(body.Endpoint, steps))).Select(field => $"{body.Endpoint} {field}"));

        Assert.That(missing, Is.Empty);
    }

    private static IEnumerable<(string Endpoint, JsonElement Schema)> Bodies(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        let endpoint = $"{operation.Name.ToUpperInvariant()} {path.Name}"
        // Its document is that of all settings of a host, of which it takes the limits.
        where endpoint != "POST /containers/{id}/update" && operation.Value.TryGetProperty("requestBody", out _)
        let content = operation.Value.GetProperty("requestBody").GetProperty("content")
        where content.TryGetProperty("application/json", out _)
        select (endpoint, content.GetProperty("application/json").GetProperty("schema"));

    private static IEnumerable<string> Sent(BodyFields fields, JsonElement schema, IEnumerable<RecordedStep> steps)
    {
        foreach (var step in steps)
        {
            if (Parse(step.Body) is not { } body) continue;
            using (body)
                foreach (var field in fields.In(body.RootElement, schema)) yield return field;
        }
    }

    // Some are meant to be none.
    private static JsonDocument? Parse(string body)
    {
        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
