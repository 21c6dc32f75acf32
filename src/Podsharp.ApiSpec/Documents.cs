using System.Text.Json;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.OpenApi;
using Podsharp.Api.Http;
using Swashbuckle.AspNetCore.Swagger;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Podsharp.ApiSpec;

/// <summary>The documents of both dialects, made from the routes.</summary>
internal static class Documents
{
    public static readonly IReadOnlyList<string> Names = [OperationDescriptions.Docker, OperationDescriptions.Libpod];

    public static void AddTo(IServiceCollection services)
    {
        services.AddSingleton<IApiDescriptionGroupCollectionProvider, OperationDescriptions>();
        // Property names as the wire types have them, not as web APIs use to write them.
        services.AddSingleton<ISerializerDataContractResolver>(new JsonSerializerDataContractResolver(new JsonSerializerOptions()));
        services.AddSwaggerGen(options =>
        {
            options.SwaggerDoc(OperationDescriptions.Docker, About("Podsharp: Docker Engine API", ApiVersion.DockerMaximum.ToShortString()));
            options.SwaggerDoc(OperationDescriptions.Libpod, About("Podsharp: libpod API", ApiVersion.Libpod.ToString()));
            options.CustomSchemaIds(SchemaNames.Of);
            options.UseAllOfToExtendReferenceSchemas();
            options.MapType<JsonElement>(static () => new OpenApiSchema());
            options.OperationFilter<OperationFilter>();
            options.SchemaFilter<MemberFilter>();
        });
    }

    /// <summary>The document as it is committed below api-spec.</summary>
    public static async Task<string> WriteAsync(string name, CancellationToken cancellationToken)
    {
        // Never started: only what stands in its services is wanted.
        var builder = WebApplication.CreateSlimBuilder();
        AddTo(builder.Services);
        await using var app = builder.Build();
        var document = app.Services.GetRequiredService<ISwaggerProvider>().GetSwagger(name);
        return await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_0, cancellationToken) + "\n";
    }

    private static OpenApiInfo About(string title, string version) => new()
    {
        Title = title,
        Version = version,
        Description = "Each path stands also behind a version, as in /v1.44/containers/json. Written by Podsharp.ApiSpec from the routes: do not edit.",
        License = new OpenApiLicense { Name = "Apache-2.0" },
    };
}
