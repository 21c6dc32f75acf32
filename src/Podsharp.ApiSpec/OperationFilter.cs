using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.OpenApi;
using Podsharp.Api.Specification;
using Podsharp.Wire.Common;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Podsharp.ApiSpec;

/// <summary>Writes what an <see cref="Operation"/> says into its place in the document.</summary>
internal sealed partial class OperationFilter : IOperationFilter
{
    private const string Json = "application/json";

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var told = OperationDescriptions.OperationOf(context.ApiDescription);
        operation.OperationId = told.Id;
        operation.Summary = told.Summary;
        operation.Parameters = [.. InPath(told), .. told.Parameters.Select(parameter => ToParameter(parameter, context))];
        operation.RequestBody = Body(told, context);
        operation.Responses = new OpenApiResponses();
        foreach (var reply in told.Replies) operation.Responses[Status(reply.Status)] = ToResponse(reply, context);
        var error = Schema(typeof(ErrorReply), context);
        foreach (var status in told.Errors.Append(500))
            operation.Responses[Status(status)] = new OpenApiResponse { Description = Meaning(status), Content = Content(Json, error) };
    }

    [GeneratedRegex(@"\{(\w+)(\.\.\.)?\}")]
    private static partial Regex PathParameter();

    private static IEnumerable<OpenApiParameter> InPath(Operation told) => PathParameter().Matches(told.Pattern).Select(match => new OpenApiParameter
    {
        Name = match.Groups[1].Value,
        In = ParameterLocation.Path,
        Required = true,
        Description = match.Groups[2].Success ? "Name or id; slashes stay as they are" : "Name or id",
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    });

    private static OpenApiParameter ToParameter(Parameter parameter, OperationFilterContext context) => new()
    {
        Name = parameter.Name,
        In = parameter.InHeader ? ParameterLocation.Header : ParameterLocation.Query,
        Required = parameter.Required,
        Description = parameter.Since.Length == 0 ? parameter.Description : $"{parameter.Description} (since API {parameter.Since})".Trim(),
        Schema = Schema(parameter.Type, context),
    };

    private static OpenApiRequestBody? Body(Operation told, OperationFilterContext context)
    {
        if (told.Body is { } type) return new OpenApiRequestBody { Content = Content(Json, Schema(type, context)) };
        return told.BodyMedia.Length > 0 ? new OpenApiRequestBody { Content = Content(told.BodyMedia, Bytes()) } : null;
    }

    private static OpenApiResponse ToResponse(Reply reply, OperationFilterContext context)
    {
        var schema = reply.Type is { } type ? Schema(type, context) : Bytes();
        return new OpenApiResponse { Description = reply.Description, Content = reply.Media.Length > 0 ? Content(reply.Media, schema) : null };
    }

    private static IOpenApiSchema Schema(Type type, OperationFilterContext context) => context.SchemaGenerator.GenerateSchema(type, context.SchemaRepository);

    private static Dictionary<string, IOpenApiMediaType> Content(string media, IOpenApiSchema schema) => new() { [media] = new OpenApiMediaType { Schema = schema } };

    private static OpenApiSchema Bytes() => new() { Type = JsonSchemaType.String, Format = "binary" };

    private static string Status(int status) => status.ToString(CultureInfo.InvariantCulture);

    private static string Meaning(int status) => status switch
    {
        400 => "The request is wrong",
        401 => "The credentials are not good",
        403 => "That is not allowed",
        404 => "There is no such thing",
        409 => "Its state does not allow it",
        501 => "This engine does not do that",
        503 => "Not now",
        _ => "The engine failed",
    };
}
