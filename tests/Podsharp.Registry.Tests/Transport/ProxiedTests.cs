using Podsharp.Core.Registries;
using Podsharp.Registry.Distribution;
using Podsharp.Registry.Tests.Fakes;
using Podsharp.Registry.Transport;

namespace Podsharp.Registry.Tests.Transport;

public sealed class ProxiedTests : RegistryTest
{
    [Test]
    public async Task Requests_go_through_the_proxy()
    {
        var host = "";
        Registry.On("GET /v2/a/manifests/latest", async context =>
        {
            host = context.Request.Host.Value;
            context.Response.ContentType = ManifestTypes.OciManifest;
            await context.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(Manifest));
        });
        using var client = new RegistryClient(
            new RegistryOptions { Places = Scratch.Places, Proxy = new ProxyVariables(Registry.Address.ToString(), "", "") }, Clock, Microsoft.Extensions.Logging.Abstractions.NullLogger<RegistryClient>.Instance);
        await client.Open(new RegistryEndpoint("registry.invalid:5000", "a") { Insecure = true }, null, RepositoryAccess.Pull).GetManifestAsync(Latest, default);
        Assert.That(host, Is.EqualTo("registry.invalid:5000"));
    }
}
