using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Podsharp.Api.Docker.Containers;
using Podsharp.Core.Containers;
using Podsharp.Engine.Containers;
using Podsharp.Testing;

namespace Podsharp.Api.Tests.Containers;

public sealed class StartRouteTests
{
    private readonly FakeContainerStore _containers = new();

    [TestCase("""{"Privileged":true}""", HttpStatusCode.BadRequest, "starting container with non-empty request body was deprecated since API v1.22 and removed in v1.24")]
    [TestCase("{bad", HttpStatusCode.BadRequest, "invalid JSON")]
    [TestCase("{}", HttpStatusCode.NotModified, "")]
    [TestCase("null", HttpStatusCode.NotModified, "")]
    [TestCase("", HttpStatusCode.NotModified, "")]
    public Task A_body_that_says_how_to_run_is_refused_and_an_empty_one_is_none(string body, HttpStatusCode status, string message) =>
        CheckAsync("", body, status, message);

    [Test]
    public Task A_start_from_a_checkpoint_is_refused() => CheckAsync("?checkpoint=one", "", HttpStatusCode.NotImplemented, "the query parameter checkpoint is not supported");

    private async Task CheckAsync(string query, string body, HttpStatusCode status, string message)
    {
        _containers.Put(Writing.Sample.Container() with { State = new ContainerState { Phase = ContainerPhase.Running } });
        await using var server = await ApiServer.StartAsync(
            // One that runs already asks for nothing more.
            services => services.AddSingleton(new StartContainer(new ContainerLookup(_containers), new ContainerLocks(), null!, null!, null!)),
            docker: ContainerRoutes.Map);
        using var client = server.Client();

        using var reply = await client.PostAsync(new Uri("v1.45/containers/c1/start" + query, UriKind.Relative), new StringContent(body, Encoding.UTF8, "application/json"));

        Assert.That(reply.StatusCode, Is.EqualTo(status));
        Assert.That(await reply.Content.ReadAsStringAsync(), Does.Contain(message));
    }
}
