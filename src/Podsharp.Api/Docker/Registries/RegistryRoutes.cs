using Podsharp.Api.Docker.Images;
using Podsharp.Api.Http;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Core.Registries;
using Podsharp.Engine.Images.Registries;
using Podsharp.Wire.Docker.Images;
using Podsharp.Wire.Docker.Registries;

namespace Podsharp.Api.Docker.Registries;

internal static class RegistryRoutes
{
    private static readonly EndpointRules Rules = new() { LoopbackIsInsecure = true };

    public static void Map(RouteTable routes)
    {
        routes.Post<LogIn>("/auth", LogInAsync);
        routes.Get<SearchImages>("/images/search", SearchAsync);
        routes.Get<InspectRemoteImage>("/distribution/{name...}/json", InspectAsync);
    }

    private static async Task LogInAsync(ApiRequest request, LogIn logIn)
    {
        var auth = await request.ReadJsonAsync(RegistriesJson.Default.AuthConfig);
        var host = CredentialKey.Normalise(auth.ServerAddress is { Length: > 0 } address ? address : ImageReference.DefaultRegistry);
        try
        {
            var token = await logIn.RunAsync(new LogInRequest(host, AuthReader.ToCredentials(auth), Rules), request.Aborted);
            await request.ReplyJsonAsync(new LoginReply("Login Succeeded", token), RegistriesJson.Default.LoginReply);
        }
        catch (EngineException failure) when (failure.Kind is ErrorKind.Forbidden && TransferWords.IsDenied(failure))
        {
            throw new EngineException(ErrorKind.Unauthorized, failure.Message, failure.Cause, failure);
        }
    }

    private static async Task SearchAsync(ApiRequest request, SearchImages search)
    {
        var found = await search.RunAsync(
            new SearchImagesRequest(
                request.Query.Text("term"), request.Query.Int("limit") ?? 0, request.Query.Filters(), AuthReader.ForTarget(request), Rules),
            request.Aborted);
        await request.ReplyJsonAsync([.. found.Select(ToResult)], RegistriesJson.Default.SearchResultArray);
    }

    private static SearchResult ToResult(RepositorySearchResult found) => new()
    {
        StarCount = found.Stars,
        IsOfficial = found.IsOfficial,
        Name = found.Name,
        IsAutomated = found.IsAutomated,
        Description = found.Description,
    };

    private static async Task InspectAsync(ApiRequest request, InspectRemoteImage inspect)
    {
        var reference = ImageReference.Parse(request.Path("name")).WithDefaultTag();
        try
        {
            var inspection = await inspect.RunAsync(new InspectRemoteImageRequest(reference, AuthReader.ForTarget(request), Rules), request.Aborted);
            await request.ReplyJsonAsync(ToReply(inspection), RegistriesJson.Default.DistributionReply);
        }
        catch (EngineException failure)
        {
            throw TransferWords.OfPull(failure, reference);
        }
    }

    private static DistributionReply ToReply(RemoteImageInspection inspection) => new(
        new DescriptorReply(inspection.Descriptor.MediaType, inspection.Descriptor.Digest.ToString(), inspection.Descriptor.Size),
        [.. inspection.Platforms.Select(ManifestSummaryMapping.ToReply)]);
}
