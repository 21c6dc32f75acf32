using Microsoft.AspNetCore.Http;
using Podsharp.Engine.System;

namespace Podsharp.Api.Http;

/// <summary>Headers that every reply carries; clients learn from them what they talk to.</summary>
internal static class ReplyHeaders
{
    private static readonly string Server = $"Podsharp/{EngineVersion.Text} (linux)";
    private static readonly string DockerVersion = ApiVersion.DockerAnnounced.ToShortString();
    private static readonly string LibpodVersion = ApiVersion.Libpod.ToString();

    public static void Set(IHeaderDictionary headers)
    {
        headers["Api-Version"] = DockerVersion;
        headers["Libpod-Api-Version"] = LibpodVersion;
        headers.Server = Server;
        headers["Ostype"] = "linux";
        headers["Docker-Experimental"] = "false";
    }
}
