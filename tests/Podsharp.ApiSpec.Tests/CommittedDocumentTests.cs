namespace Podsharp.ApiSpec.Tests;

[TestFixture]
public sealed class CommittedDocumentTests
{
    [TestCase("docker")]
    [TestCase("libpod")]
    public async Task The_committed_document_is_what_the_routes_give(string name)
    {
        var committed = await File.ReadAllTextAsync(Path.Join(TestContext.CurrentContext.TestDirectory, "api-spec", $"{name}.json"));

        var made = await Documents.WriteAsync(name, CancellationToken.None);

        Assert.That(made, Is.EqualTo(committed), "api-spec is stale: dotnet run --project src/Podsharp.ApiSpec -- api-spec");
    }
}
