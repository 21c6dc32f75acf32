using Podsharp.Api.Docker.Containers.Writing;
using Podsharp.Api.Http;
using Podsharp.Core.Containers;
using Podsharp.Core.Networks;

namespace Podsharp.Api.Tests.Containers.Writing;

public sealed class EndpointWriterTests
{
    private static readonly Dictionary<string, string>?[] Options = [null, [], new() { ["a"] = "b" }];

    [TestCaseSource(nameof(Options))]
    public void The_options_of_an_endpoint_are_shown_as_they_were_said(Dictionary<string, string>? options)
    {
        var network = new NetworkSpec { Endpoints = new Dictionary<string, EndpointSpec> { ["bridge"] = new() { DriverOptions = options } } };

        Assert.That(EndpointWriter.Networks(Sample.Running(new ContainerSpec { Network = network }), ApiVersion.DockerAnnounced)["bridge"].DriverOpts, Is.EqualTo(options));
    }
}
